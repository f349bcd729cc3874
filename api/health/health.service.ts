import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Health, HealthCheck, Live } from '../contracts/health.ts';
import { GatewayOptions } from '../runtime/options.ts';
import { Registry } from '../../registry/index.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

type Check = z.input<typeof HealthCheck>;

/** A part that does not answer in this time is down. */
const DEADLINE_MS = 2_000;

@Injectable()
export class HealthService {
  private readonly startedAt = new Date().toISOString();
  private readonly options: GatewayOptions;
  private readonly registry: Registry;
  private readonly temporal: TemporalService;

  constructor(options: GatewayOptions, registry: Registry, temporal: TemporalService) {
    this.options = options;
    this.registry = registry;
    this.temporal = temporal;
  }

  live(): z.input<typeof Live> {
    return { status: 'ok', version: this.options.version, pid: process.pid };
  }

  /** Asks every part at once. */
  async check(): Promise<z.input<typeof Health>> {
    const checks = await Promise.all([
      probe('postgres', () => this.registry.assertSchemaVersion()),
      probe('temporal', () => this.temporal.ping(DEADLINE_MS)),
      probe('worker', () => this.requireWorker()),
    ]);
    return {
      status: checks.every(({ status }) => status === 'up') ? 'ok' : 'degraded',
      version: this.options.version,
      pid: process.pid,
      started_at: this.startedAt,
      checks,
    };
  }

  private async requireWorker(): Promise<void> {
    const pollers = await this.temporal.pollers('orchestrate', DEADLINE_MS);
    if (pollers === 0) throw new Error('no worker asks for work');
  }
}

async function probe(name: string, ask: () => Promise<unknown>): Promise<Check> {
  const started = performance.now();
  try {
    await within(ask());
    return { name, status: 'up', latency_ms: Math.round(performance.now() - started), message: null };
  } catch (error) {
    return { name, status: 'down', latency_ms: null, message: (error as Error).message };
  }
}

async function within<Result>(answer: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer in ${DEADLINE_MS / 1000} s`)), DEADLINE_MS);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
