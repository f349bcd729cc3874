/** Keeps one service running: adopts or starts it, watches it, starts it again with growing pauses, stops it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { identify, isAlive } from '../activities/process/proc-table.ts';
import type { ProcessIdentity } from '../activities/process/proc-table.ts';
import { isUp } from './service.ts';
import type { Health, Probe, ServiceDefinition, ServiceHealth, ServiceRecord } from './service.ts';
import { endProcess } from './end-process.ts';
import { findServiceProcess } from './find-process.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A service that ran this long starts again with the shortest pause. */
const STEADY_MS = 30_000;
const LOOK_MS = 200;
const PROBE_MS = 3000;
const START_PROBE_MS = 150;
const PREPARE_PAUSE_MS = 5000;

export class ManagedService {
  readonly definition: ServiceDefinition;
  /** What was last seen of the service. */
  seen: ServiceHealth = { health: 'stopped', detail: undefined, failures: 0 };
  private identity: ProcessIdentity | undefined;
  private since = '';
  /** Lives and preparations that failed since the service was last up. */
  private failures = 0;
  private restarts = 0;
  private prepared = false;
  private readonly stopping = new AbortController();
  /** Called when the record or the health changed. */
  onChange: () => void = () => undefined;
  private readonly note: (text: string) => void;
  private loop: Promise<void> = Promise.resolve();

  /** `note` is told what a person should know. */
  constructor(definition: ServiceDefinition, note: (text: string) => void) {
    this.definition = definition;
    this.note = note;
  }

  /** What is written down of the running process; undefined when there is none, or when it is not ours. */
  get record(): ServiceRecord | undefined {
    const { identity, since, restarts } = this;
    if (!identity) return undefined;
    const { name, address, build } = this.definition;
    return { name, process: identity, address, since, restarts, build };
  }

  get isUp(): boolean {
    return isUp(this.seen.health);
  }

  /**
   * Begins to run. `previous` is what the last supervisor wrote down; `ready` resolves once the services this one needs
   * are up.
   */
  run(previous: ServiceRecord | undefined, ready: (signal: AbortSignal) => Promise<void>): void {
    this.loop = this.keepRunning(previous, ready).catch((error: unknown) => {
      if (this.stopping.signal.aborted) return;
      const { message } = error as Error;
      this.become('unhealthy', message);
      this.note(`${this.definition.name} is no longer watched: ${message}`);
    });
  }

  /** Stops watching and ends the process; resolves when it is gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    if (this.identity) {
      const { stopSignal, stopGraceSeconds, name } = this.definition;
      const outcome = await endProcess(this.identity, stopSignal, stopGraceSeconds);
      if (outcome === 'killed') this.note(`${name} did not stop within ${stopGraceSeconds} s and was killed`);
    }
    this.identity = undefined;
    this.become('stopped');
  }

  private become(health: Health, detail?: string): void {
    const seen = { health, detail, failures: this.failures };
    if (isDeepStrictEqual(seen, this.seen)) return;
    this.seen = seen;
    this.onChange();
  }

  private async keepRunning(
    previous: ServiceRecord | undefined,
    ready: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { signal } = this.stopping;
    let pauseMs = FIRST_PAUSE_MS;
    await this.adopt(previous);
    while (!signal.aborted) {
      const startedAt = performance.now();
      const failure = await this.liveOnce(ready);
      if (signal.aborted) return;
      this.identity = undefined;
      if (performance.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      this.failures += 1;
      this.become('unhealthy', failure);
      this.note(`${this.definition.name}: ${failure}; starting it again in ${pauseMs / 1000} s`);
      await sleep(pauseMs, undefined, { signal });
      this.restarts += 1;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Takes over what runs already if it is of this build and at this address; ends it if not. */
  private async adopt(previous: ServiceRecord | undefined): Promise<void> {
    const { name, build, address, stopSignal, stopGraceSeconds } = this.definition;
    const running = this.findRunning(previous);
    if (!running) return;
    if (running.build === build && running.address === address) {
      this.identity = running.process;
      this.since = running.since;
      this.restarts = running.restarts;
      this.note(`${name} is running already (pid ${running.process.pid}), adopted`);
      return;
    }
    this.note(`${name} (pid ${running.process.pid}) runs another build or at another address; replacing it`);
    await endProcess(running.process, stopSignal, stopGraceSeconds);
  }

  /** The recorded process if it is exactly that one, else one that the service itself finds. */
  private findRunning(previous: ServiceRecord | undefined): ServiceRecord | undefined {
    if (previous && isAlive(previous.process)) return previous;
    const { kind, name: service, paths } = this.definition;
    const found = kind === 'embedded' ? findServiceProcess(service, paths) : undefined;
    const process = found && identify(found.pid);
    if (!process) return undefined;
    return {
      name: service,
      process,
      address: found.address ?? '',
      since: new Date().toISOString(),
      restarts: 0,
      build: undefined,
    };
  }

  /** One life of the service, from start (or adoption) to its end; returns why it ended. */
  private async liveOnce(ready: (signal: AbortSignal) => Promise<void>): Promise<string> {
    const { signal } = this.stopping;
    try {
      if (this.definition.kind === 'embedded' && !this.identity) {
        if (this.definition.needs.length > 0) this.become('starting', 'waiting for the services it needs');
        await ready(signal);
        await this.start();
      }
      const failure = await this.untilUp();
      if (failure) return await this.giveUp(failure);
      return await this.giveUp(await this.watch());
    } catch (error) {
      if (signal.aborted) return 'stopping';
      return this.giveUp((error as Error).message);
    }
  }

  private async start(): Promise<void> {
    this.become('starting');
    const pid = await this.definition.start();
    this.identity = identify(pid);
    this.since = new Date().toISOString();
    this.onChange();
  }

  private get hasDied(): boolean {
    return this.definition.kind === 'embedded' && !(this.identity && isAlive(this.identity));
  }

  /** Waits until the service answers, then prepares it; returns what went wrong, if anything. */
  private async untilUp(): Promise<string | undefined> {
    const { startSeconds, name } = this.definition;
    const deadline = performance.now() + startSeconds * 1000;
    for (;;) {
      if (this.hasDied) return 'ended while starting';
      const probe = await this.look();
      if (isUp(probe.health)) break;
      if (performance.now() > deadline) return `did not answer within ${startSeconds} s (${probe.detail ?? ''})`;
      this.become('starting', probe.detail);
      await sleep(START_PROBE_MS, undefined, { signal: this.stopping.signal });
    }
    if (!this.prepared) this.become('starting', 'preparing');
    while (!this.prepared) {
      if (this.hasDied) return 'ended while being prepared';
      await this.prepareOnce();
    }
    this.failures = 0;
    this.become('healthy');
    this.note(`${name} is up at ${this.definition.address}`);
    return undefined;
  }

  /** A failed preparation (a migration, say) is tried again; the service itself is left alone. */
  private async prepareOnce(): Promise<void> {
    const { signal } = this.stopping;
    try {
      await Promise.race([this.definition.prepare(), rejectsOn(signal)]);
      this.prepared = true;
    } catch (error) {
      if (signal.aborted) throw error;
      const { message } = error as Error;
      if (message !== this.seen.detail) this.note(`${this.definition.name}: ${message}`);
      this.failures += 1;
      this.become('unhealthy', message);
      await sleep(PREPARE_PAUSE_MS, undefined, { signal });
    }
  }

  private async look(): Promise<Probe> {
    try {
      return await this.definition.probe();
    } catch (error) {
      return { health: 'unhealthy', detail: (error as Error).message };
    }
  }

  /** Watches a running service; returns why it has to be started again. */
  private async watch(): Promise<string> {
    const { silentSeconds } = this.definition;
    let lastAnswer = performance.now();
    let nextProbe = lastAnswer + PROBE_MS;
    for (;;) {
      if (this.hasDied) return 'ended unexpectedly';
      if (performance.now() >= nextProbe) {
        const { health, detail } = await this.look();
        if (health !== 'unhealthy') lastAnswer = performance.now();
        this.become(health, detail);
        nextProbe = performance.now() + PROBE_MS;
        if (performance.now() - lastAnswer > silentSeconds * 1000) return `did not answer for ${silentSeconds} s`;
      }
      await sleep(LOOK_MS, undefined, { signal: this.stopping.signal });
    }
  }

  /** Makes sure that nothing of a failed life is left before the next one begins. */
  private async giveUp(reason: string): Promise<string> {
    if (this.identity && isAlive(this.identity)) {
      await endProcess(this.identity, this.definition.stopSignal, this.definition.stopGraceSeconds);
    }
    return reason;
  }
}

function rejectsOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopping')), { once: true });
  });
}
