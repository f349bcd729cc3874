/** From the start of a process to the moment when nothing of it is left. */
import { once } from 'node:events';
import { launch, type LaunchOrder } from './launch.ts';
import { LineTail } from './line-tail.ts';
import { oomKills } from './oom.ts';
import { endTree, TERM_GRACE_SECONDS } from './process-tree.ts';

const TAIL_INTERVAL_MS = 500;
/** Longest delay that a timer takes, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface SuperviseOrder extends LaunchOrder {
  /** File to which the process appends lines that are handed on while it runs. */
  readonly eventsPath?: string;
  /** Time after which the process is ended. */
  readonly wallSeconds: number;
  /** Between TERM and KILL; default 5 s. */
  readonly graceSeconds?: number;
}

export interface SuperviseHooks {
  /** Ends the process when aborted. */
  readonly signal: AbortSignal;
  readonly onStart?: (pid: number) => void;
  /** Each complete line of `eventsPath`, in order. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended. */
export interface ProcessReport {
  /** Why: by itself, because its time was up, or because the signal was aborted. */
  readonly ending: 'exited' | 'timed_out' | 'cancelled';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The kernel's OOM killer took a process of this control group while it ran. */
  readonly oomKilled: boolean;
  readonly wallSeconds: number;
}

/**
 * Run a process to its end. When this returns, or throws, nothing of it is alive: not its tools, not what left its
 * process group.
 *
 * @throws MeridianError TOOL_MISSING when it cannot be started; INTERNAL when it cannot be killed.
 */
export async function supervise(order: SuperviseOrder, hooks: SuperviseHooks): Promise<ProcessReport> {
  const oomBefore = oomKills() ?? 0;
  const started = performance.now();
  const { child, tree, dismissWatchdog } = await launch(order);
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const stopTail = tailLines(order.eventsPath, hooks.onLine);
  const limit = timeLimit(order.wallSeconds);
  try {
    hooks.onStart?.(tree.leaderPid);
    const ending = await Promise.race([
      exit.then(() => 'exited' as const),
      limit.reached.then(() => 'timed_out' as const),
      aborted(hooks.signal).then(() => 'cancelled' as const),
    ]);
    // Also after a normal exit: a tool left behind might still write into the outputs.
    await endTree(tree, order.graceSeconds ?? TERM_GRACE_SECONDS);
    const [exitCode, signal] = await exit;
    const wallSeconds = (performance.now() - started) / 1000;
    return { ending, exitCode, signal, oomKilled: (oomKills() ?? 0) > oomBefore, wallSeconds };
  } catch (error) {
    await endTree(tree, 0);
    throw error;
  } finally {
    limit.clear();
    dismissWatchdog();
    await stopTail();
  }
}

function timeLimit(seconds: number): { reached: Promise<void>; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(seconds * 1000, LONGEST_TIMER_MS));
  return { reached: promise, clear: () => clearTimeout(timer) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Hand on new lines twice a second; the returned function reads the last ones and stops. */
function tailLines(path: string | undefined, onLine: ((line: string) => void) | undefined): () => Promise<void> {
  if (path === undefined || onLine === undefined) return () => Promise.resolve();
  const tail = new LineTail(path);
  let reading = Promise.resolve();
  const read = (): Promise<void> =>
    (reading = reading.then(async () => {
      for (const line of await tail.read()) onLine(line);
    }));
  const timer = setInterval(() => void read(), TAIL_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    return read();
  };
}
