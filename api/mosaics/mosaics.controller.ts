import { Controller, Headers, Req, Res } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  cancelMosaic,
  createMosaic,
  getMosaic,
  getMosaicFits,
  getMosaicQa,
  pauseMosaic,
  queryMosaics,
  resumeMosaic,
  validateMosaic,
} from '../contracts/mosaics.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { answerFile } from '../http/file-answer.ts';
import { Input, Route } from '../http/route.ts';
import { MosaicControlService } from './mosaic-control.service.ts';
import { MosaicReadService } from './mosaic-read.service.ts';
import { MosaicsService } from './mosaics.service.ts';

type ControlInput = OperationInput<typeof pauseMosaic>;
type ControlAnswer = Promise<OperationResult<typeof pauseMosaic>>;

@Controller()
export class MosaicsController {
  private readonly mosaics: MosaicsService;
  private readonly reader: MosaicReadService;
  private readonly steering: MosaicControlService;

  constructor(mosaics: MosaicsService, reader: MosaicReadService, steering: MosaicControlService) {
    this.mosaics = mosaics;
    this.reader = reader;
    this.steering = steering;
  }

  @Route(createMosaic)
  async create(
    @Input(createMosaic) input: OperationInput<typeof createMosaic>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationResult<typeof createMosaic>> {
    const created = await this.mosaics.create(input.body);
    void reply.header('location', `/api/mosaics/${created.id}`);
    return created;
  }

  @Route(queryMosaics)
  query(
    @Input(queryMosaics) input: OperationInput<typeof queryMosaics>,
  ): Promise<OperationResult<typeof queryMosaics>> {
    return this.reader.query(input.body);
  }

  @Route(getMosaic)
  get(@Input(getMosaic) input: OperationInput<typeof getMosaic>): Promise<OperationResult<typeof getMosaic>> {
    return this.reader.get(input.params.id);
  }

  @Route(getMosaicFits)
  async fits(
    @Input(getMosaicFits) input: OperationInput<typeof getMosaicFits>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    return answerFile(await this.reader.file(input.params.id, input.query.map), request, reply);
  }

  @Route(getMosaicQa)
  qa(@Input(getMosaicQa) input: OperationInput<typeof getMosaicQa>): Promise<OperationResult<typeof getMosaicQa>> {
    return this.reader.qa(input.params.id);
  }

  @Route(validateMosaic)
  validate(
    @Input(validateMosaic) input: OperationInput<typeof validateMosaic>,
  ): Promise<OperationResult<typeof validateMosaic>> {
    return this.steering.validate(input.params.id, input.body);
  }

  @Route(pauseMosaic)
  pause(@Input(pauseMosaic) input: ControlInput, @Headers('x-request-id') requestId?: string): ControlAnswer {
    return this.control('pause', input, requestId);
  }

  @Route(resumeMosaic)
  resume(@Input(resumeMosaic) input: ControlInput, @Headers('x-request-id') requestId?: string): ControlAnswer {
    return this.control('resume', input, requestId);
  }

  @Route(cancelMosaic)
  cancel(@Input(cancelMosaic) input: ControlInput, @Headers('x-request-id') requestId?: string): ControlAnswer {
    return this.control('cancel', input, requestId);
  }

  private control(
    verb: 'pause' | 'resume' | 'cancel',
    input: ControlInput,
    requestId: string | undefined,
  ): ControlAnswer {
    const { requested_by: requestedBy, reason } = input.body;
    return this.steering.control(input.params.id, verb, { requestedBy, reason, requestId });
  }
}
