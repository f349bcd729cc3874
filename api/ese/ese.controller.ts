import { Controller } from '@nestjs/common';
import {
  detectEvents,
  getCandidateLightCurve,
  getVariability,
  judgeCandidate,
  listCandidates,
} from '../contracts/ese.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { LightCurvesService } from '../light-curves/light-curves.service.ts';
import { EseService } from './ese.service.ts';

@Controller()
export class EseController {
  private readonly ese: EseService;
  private readonly lightCurves: LightCurvesService;

  constructor(ese: EseService, lightCurves: LightCurvesService) {
    this.ese = ese;
    this.lightCurves = lightCurves;
  }

  @Route(listCandidates)
  list(
    @Input(listCandidates) { query }: OperationInput<typeof listCandidates>,
  ): Promise<OperationResult<typeof listCandidates>> {
    return this.ese.candidates(query);
  }

  @Route(getCandidateLightCurve)
  lightCurve(
    @Input(getCandidateLightCurve) { params }: OperationInput<typeof getCandidateLightCurve>,
  ): Promise<OperationResult<typeof getCandidateLightCurve>> {
    return this.lightCurves.get(params.source_id, { series: 'night', versions: 'current' });
  }

  @Route(judgeCandidate)
  judge(
    @Input(judgeCandidate) { params, body }: OperationInput<typeof judgeCandidate>,
  ): Promise<OperationResult<typeof judgeCandidate>> {
    return this.ese.judge(params.id, body);
  }

  @Route(getVariability)
  variability(
    @Input(getVariability) { params }: OperationInput<typeof getVariability>,
  ): Promise<OperationResult<typeof getVariability>> {
    return this.ese.variability(params.id);
  }

  @Route(detectEvents)
  detect(
    @Input(detectEvents) { body }: OperationInput<typeof detectEvents>,
  ): Promise<OperationResult<typeof detectEvents>> {
    return this.ese.detect(body);
  }
}
