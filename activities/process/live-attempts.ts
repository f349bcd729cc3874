/** Work that runs in this process, by key: whoever asks for a key that runs joins it instead of starting it again. */
import { AttemptLost } from './attempt-lost.ts';

export interface AttemptProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string;
  /** 0 while there is no process. */
  readonly pid: number;
}

export interface AttemptCaller {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: AttemptProgress) => void;
}

/** What the work itself is given. */
export interface AttemptControl {
  /** Aborted when nobody wants the result any more. */
  readonly signal: AbortSignal;
  readonly report: (progress: AttemptProgress) => void;
}

interface Entry {
  readonly controller: AbortController;
  readonly callers: Set<AttemptCaller>;
  readonly work: Promise<unknown>;
  progress: AttemptProgress;
  keepTimer: NodeJS.Timeout | undefined;
  settled: boolean;
}

const REPORT_INTERVAL_MS = 1000;
const DEFAULT_KEEP_SECONDS = 120;

/**
 * Live attempts of one worker.
 *
 * A caller that is cancelled leaves; the last one to leave ends the work, and its call returns only when the work has
 * ended. A caller whose attempt was lost (`AttemptLost`) leaves at once, and the work goes on for `keepSeconds` so that
 * the next attempt takes it over, its result included.
 */
export class LiveAttempts {
  readonly #entries = new Map<string, Entry>();
  readonly #keepMs: number;

  constructor(options: { readonly keepSeconds?: number } = {}) {
    this.#keepMs = (options.keepSeconds ?? DEFAULT_KEEP_SECONDS) * 1000;
  }

  /** Keys of the work that runs or whose result is kept. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Join the work of a key, or start it. */
  async join<T>(key: string, caller: AttemptCaller, start: (control: AttemptControl) => Promise<T>): Promise<T> {
    caller.signal.throwIfAborted();
    for (;;) {
      const entry = this.#entries.get(key);
      if (entry === undefined) return (await this.#attach(this.#start(key, start), caller)) as T;
      if (!entry.controller.signal.aborted) return (await this.#attach(entry, caller)) as T;
      await entry.work.catch(() => undefined);
      caller.signal.throwIfAborted();
    }
  }

  /** End all work, for the stop of the worker; returns when nothing runs. */
  async endAll(reason: Error): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const entry of entries) {
      clearTimeout(entry.keepTimer);
      entry.controller.abort(reason);
    }
    await Promise.allSettled(entries.map((entry) => entry.work));
    this.#entries.clear();
  }

  #start(key: string, start: (control: AttemptControl) => Promise<unknown>): Entry {
    const controller = new AbortController();
    const callers = new Set<AttemptCaller>();
    const entry: Entry = {
      controller,
      callers,
      progress: { fraction: 0, message: 'waiting', pid: 0 },
      keepTimer: undefined,
      settled: false,
      work: Promise.resolve().then(() => start({ signal: controller.signal, report })),
    };
    const report = (progress: AttemptProgress): void => {
      entry.progress = progress;
      for (const caller of callers) caller.onProgress(progress);
    };
    const beat = setInterval(() => report(entry.progress), REPORT_INTERVAL_MS);
    const settle = (): void => {
      clearInterval(beat);
      entry.settled = true;
      // Nobody is here, but the next attempt may be on its way: `#keep` forgets the result when it does not come.
      if (callers.size > 0 || controller.signal.aborted) this.#entries.delete(key);
    };
    void entry.work.then(settle, settle);
    this.#entries.set(key, entry);
    return entry;
  }

  #attach(entry: Entry, caller: AttemptCaller): Promise<unknown> {
    clearTimeout(entry.keepTimer);
    entry.callers.add(caller);
    if (entry.settled) this.#forget(entry);
    caller.onProgress(entry.progress);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        entry.callers.delete(caller);
        const reason: unknown = caller.signal.reason;
        if (reason instanceof AttemptLost) {
          if (entry.callers.size === 0) this.#keep(entry);
          reject(reason);
        } else if (entry.callers.size > 0) {
          reject(reason as Error);
        } else {
          entry.controller.abort(reason);
          void entry.work.catch(() => undefined).then(() => reject(reason as Error));
        }
      };
      caller.signal.addEventListener('abort', leave, { once: true });
      const done = (): void => {
        caller.signal.removeEventListener('abort', leave);
        entry.callers.delete(caller);
      };
      entry.work.then(
        (value) => (done(), resolve(value)),
        (error: unknown) => (done(), reject(error as Error)),
      );
    });
  }

  #keep(entry: Entry): void {
    entry.keepTimer = setTimeout(() => {
      if (entry.settled) this.#forget(entry);
      else entry.controller.abort(new AttemptLost('no next attempt came to take this work over'));
    }, this.#keepMs);
  }

  #forget(entry: Entry): void {
    for (const [key, known] of this.#entries) if (known === entry) this.#entries.delete(key);
  }
}
