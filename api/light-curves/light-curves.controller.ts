import { Readable } from 'node:stream';
import { Controller, Header, StreamableFile } from '@nestjs/common';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { exportLightCurves, getLedger, getLightCurve } from '../contracts/photometry.ts';
import { Input, Route } from '../http/route.ts';
import { LedgerService } from './ledger.service.ts';
import { LightCurvesService } from './light-curves.service.ts';

@Controller()
export class LightCurvesController {
  private readonly lightCurves: LightCurvesService;
  private readonly ledger: LedgerService;

  constructor(lightCurves: LightCurvesService, ledger: LedgerService) {
    this.lightCurves = lightCurves;
    this.ledger = ledger;
  }

  @Route(getLightCurve)
  get(
    @Input(getLightCurve) { params, query }: OperationInput<typeof getLightCurve>,
  ): Promise<OperationResult<typeof getLightCurve>> {
    return this.lightCurves.get(params.id, query);
  }

  @Route(exportLightCurves)
  @Header('Content-Type', 'text/csv; charset=utf-8')
  export(@Input(exportLightCurves) { query }: OperationInput<typeof exportLightCurves>): StreamableFile {
    return new StreamableFile(Readable.from(this.lightCurves.export(query.versions)));
  }

  @Route(getLedger)
  sums(@Input(getLedger) { query }: OperationInput<typeof getLedger>): Promise<OperationResult<typeof getLedger>> {
    return this.ledger.get(query);
  }
}
