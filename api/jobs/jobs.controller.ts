import { Controller, Header, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MeridianError } from '../../domain/errors.ts';
import { getJob, listJobs, streamJobLog } from '../contracts/jobs.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { JobLogService } from './job-log.service.ts';
import { JobsService } from './jobs.service.ts';

@Controller()
export class JobsController {
  private readonly jobs: JobsService;
  private readonly log: JobLogService;

  constructor(jobs: JobsService, log: JobLogService) {
    this.jobs = jobs;
    this.log = log;
  }

  @Route(listJobs)
  list(@Input(listJobs) input: OperationInput<typeof listJobs>): Promise<OperationResult<typeof listJobs>> {
    return this.jobs.list(input.query);
  }

  @Route(getJob)
  get(@Input(getJob) input: OperationInput<typeof getJob>): Promise<OperationResult<typeof getJob>> {
    return this.jobs.get(input.params.id);
  }

  @Route(streamJobLog)
  @Header('content-type', 'text/event-stream; charset=utf-8')
  @Header('cache-control', 'no-cache, no-transform')
  @Header('x-accel-buffering', 'no')
  follow(
    @Input(streamJobLog) input: OperationInput<typeof streamJobLog>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AsyncGenerator<string>> {
    const closed = new AbortController();
    reply.raw.once('close', () => closed.abort());
    return this.log.stream(input.params.id, eventNumber(lastEventId), closed.signal);
  }
}

/** Number of the last event a reader has; none: 0. */
function eventNumber(header: string | undefined): number {
  if (header === undefined || header === '') return 0;
  const number = Number(header);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new MeridianError('REQUEST_INVALID', `Last-Event-ID: "${header.slice(0, 40)}" is no number of an event`, {
    field: 'Last-Event-ID',
  });
}
