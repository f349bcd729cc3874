/** Cores and memory that one worker hands out to processes. */
import { MeridianError } from '../../domain/errors.ts';

export interface Resources {
  readonly cores: number;
  readonly memoryGb: number;
}

export interface AcquireHooks {
  readonly signal: AbortSignal;
  /** Called once when the request has to wait. */
  readonly onWait?: (ahead: number) => void;
}

interface Waiting {
  readonly need: Resources;
  readonly start: () => void;
}

/** Sums of fractions of a GB are not exact. */
const ROUNDING = 1e-6;

/** First come, first served: a large request is never overtaken for ever by small ones. */
export class ResourcePool {
  readonly capacity: Resources;
  #coresInUse = 0;
  #memoryGbInUse = 0;
  readonly #queue: Waiting[] = [];

  constructor(capacity: Resources) {
    this.capacity = capacity;
  }

  get inUse(): Resources {
    return { cores: this.#coresInUse, memoryGb: this.#memoryGbInUse };
  }

  /**
   * Wait for cores and memory; call the returned function, once, to give them back. More cores than there are count as
   * all of them: that work is slower, not impossible.
   *
   * @throws MeridianError OUT_OF_MEMORY when the pool can never give that much; the signal's reason when aborted.
   */
  async acquire(request: Resources, hooks: AcquireHooks): Promise<() => void> {
    hooks.signal.throwIfAborted();
    if (request.memoryGb > this.capacity.memoryGb) {
      const message = `the stage may need ${request.memoryGb} GiB of memory; this worker has ${this.capacity.memoryGb} GiB to give`;
      throw new MeridianError('OUT_OF_MEMORY', message, {
        needed_gib: request.memoryGb,
        capacity_gib: this.capacity.memoryGb,
      });
    }
    const need = { cores: Math.min(request.cores, this.capacity.cores), memoryGb: request.memoryGb };
    if (this.#queue.length > 0 || !this.#fits(need)) await this.#wait(need, hooks);
    else this.#take(need);
    let held = true;
    return () => {
      if (held) this.#give(need);
      held = false;
    };
  }

  #wait(need: Resources, hooks: AcquireHooks): Promise<void> {
    hooks.onWait?.(this.#queue.length);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#startNext();
        reject(hooks.signal.reason as Error);
      };
      const waiting: Waiting = {
        need,
        start: () => {
          hooks.signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#queue.push(waiting);
      hooks.signal.addEventListener('abort', leave, { once: true });
    });
  }

  #fits(need: Resources): boolean {
    const { cores, memoryGb } = this.capacity;
    const coresFit = this.#coresInUse + need.cores <= cores + ROUNDING;
    return coresFit && this.#memoryGbInUse + need.memoryGb <= memoryGb + ROUNDING;
  }

  #take(need: Resources): void {
    this.#coresInUse += need.cores;
    this.#memoryGbInUse += need.memoryGb;
  }

  #give(need: Resources): void {
    this.#coresInUse -= need.cores;
    this.#memoryGbInUse -= need.memoryGb;
    this.#startNext();
  }

  #startNext(): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || !this.#fits(next.need)) return;
      this.#queue.shift();
      this.#take(next.need);
      next.start();
    }
  }
}
