/** The log of a job as server-sent events: what was, then what comes, then the outcome. */
import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import { JOB_STATES, isSettled } from '../../domain/states.ts';
import { Registry, asRegistryError } from '../../registry/index.ts';
import type { Job as JobRow, MeridianEvent } from '../../registry/index.ts';
import { JobWakes } from '../runtime/job-wakes.ts';
import { jobEventView } from './job-views.ts';
import { JobsService } from './jobs.service.ts';
import { Alarm, comment, message } from './sse.ts';

const PAGE = 200;
/** A quiet line is closed by proxies; a comment now and then keeps it open. */
const HEARTBEAT_MS = 15_000;
/** Progress is not an event: the row is looked at this often. */
const LOOK_MS = 1_000;
/** When a reader whose line was cut should come back. */
const RETRY_MS = 1_000;

@Injectable()
export class JobLogService {
  private readonly registry: Registry;
  private readonly jobs: JobsService;
  private readonly wakes: JobWakes;

  constructor(registry: Registry, jobs: JobsService, wakes: JobWakes) {
    this.registry = registry;
    this.jobs = jobs;
    this.wakes = wakes;
  }

  /**
   * The stream of a job. It pulls: a slow reader delays only itself and holds one page of events at most.
   *
   * @param afterId number of the last event the reader has; 0: all of them.
   * @param closed aborted when the reader has gone.
   * @throws MeridianError NOT_FOUND before the first byte.
   */
  async stream(id: string, afterId: number, closed: AbortSignal): Promise<AsyncGenerator<string>> {
    const job = await this.registry.jobs.require(id);
    return this.follow(job.id, afterId, AbortSignal.any([closed, this.wakes.stopping]));
  }

  private async *follow(id: string, afterId: number, end: AbortSignal): AsyncGenerator<string> {
    const alarm = new Alarm(end);
    const forget = this.wakes.onEvent(id, () => alarm.ring());
    const reader = { cursor: afterId, progress: '', toldAt: Date.now() };
    try {
      yield `retry: ${RETRY_MS}\n\n`;
      while (!end.aborted) {
        const { events, job } = await this.look(id, reader.cursor);
        for (const event of events) yield eventMessage(event);
        reader.cursor = events.at(-1)?.id ?? reader.cursor;
        if (events.length > 0) reader.toldAt = Date.now();
        if (events.length === PAGE) continue;
        if (job !== null && isSettled(JOB_STATES, job.status)) {
          yield message({ event: 'outcome', data: await this.jobs.view(job) });
          return;
        }
        yield* this.meanwhile(job, reader);
        await alarm.wait(LOOK_MS);
      }
      yield comment('the gateway stops; come back');
    } finally {
      forget();
      alarm.stop();
    }
  }

  /** Progress when it changed; a sign of life when there was nothing for long. */
  private async *meanwhile(job: JobRow | null, reader: { progress: string; toldAt: number }): AsyncGenerator<string> {
    const progress = job === null ? reader.progress : await this.progress(job);
    const changed = progress !== reader.progress;
    if (!changed && Date.now() - reader.toldAt < HEARTBEAT_MS) return;
    reader.progress = progress;
    reader.toldAt = Date.now();
    yield changed ? progress : comment('still here');
  }

  /** What is new: the row first, so that an end that is seen has all its events. Null: the registry is away now. */
  private async look(id: string, cursor: number): Promise<{ events: MeridianEvent[]; job: JobRow | null }> {
    try {
      const job = await this.registry.jobs.require(id);
      return { job, events: await this.registry.events.after(cursor, { jobId: id }, PAGE) };
    } catch (error) {
      const known = asRegistryError(error);
      if (known instanceof MeridianError && known.code === 'SERVICE_UNAVAILABLE') return { events: [], job: null };
      throw error;
    }
  }

  private async progress(job: JobRow): Promise<string> {
    const eta = await this.jobs.eta(job);
    const rounded = eta === null ? null : Math.round(eta);
    const { status, phase, progress, message: text } = job;
    return message({ event: 'progress', data: { status, phase, progress, eta_seconds: rounded, message: text } });
  }
}

const eventMessage = (event: MeridianEvent): string =>
  message({ id: String(event.id), event: event.kind, data: jobEventView(event) });
