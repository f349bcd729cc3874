/**
 * Wakes the followers of a job when something was recorded of it, by one listening connection for all of them; and tells
 * them when the gateway is about to stop, so that their readers come back to the next one.
 */
import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { EventFeed, Registry } from '../../registry/index.ts';
import { GatewayOptions } from './options.ts';

@Injectable()
export class JobWakes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly feed: EventFeed;
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly end = new AbortController();

  constructor(options: GatewayOptions, registry: Registry) {
    const logger = new Logger('events');
    this.feed = new EventFeed({
      databaseUrl: options.databaseUrl,
      applicationName: 'meridian-gateway-events',
      events: registry.events,
      onIdleError: (error) => logger.warn(error.message),
    });
  }

  onApplicationBootstrap(): void {
    this.feed.start();
    this.feed.subscribe({ onEvent: ({ jobId }) => this.wake(jobId) });
  }

  /** Aborted when the gateway is about to stop. */
  get stopping(): AbortSignal {
    return this.end.signal;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.end.abort();
    await this.feed.stop();
  }

  /** Calls back at each event of the job, until the returned function is called. */
  onEvent(jobId: string, wake: () => void): () => void {
    const followers = this.waiting.get(jobId) ?? new Set();
    this.waiting.set(jobId, followers.add(wake));
    return () => {
      followers.delete(wake);
      if (followers.size === 0) this.waiting.delete(jobId);
    };
  }

  private wake(jobId: string | null): void {
    if (jobId === null) return;
    for (const wake of this.waiting.get(jobId) ?? []) wake();
  }
}
