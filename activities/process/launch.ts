/** Starting a process so that nothing of it outlives this one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { randomUUID } from 'node:crypto';
import { MeridianError } from '../../domain/errors.ts';
import { TREE_VARIABLE, type ProcessTree } from './process-tree.ts';

/** Tools give way to the worker, the services and people's shells. */
const TOOL_NICENESS = 10;

/**
 * Runs in the new process after `setpriv` set the parent-death signal: when the parent died before that, nobody would
 * kill us, so look who the parent is. The kernel's OOM killer should take a tool before it takes the worker.
 */
export const GUARD = '[ "$PPID" = "$0" ] || exit 125; echo 500 > /proc/$$/oom_score_adj; exec "$@"';

export interface LaunchOrder {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** File that standard output and standard error are appended to. */
  readonly logPath: string;
  /** 0 to 19; default 10. */
  readonly niceness?: number;
}

export interface Launched {
  readonly child: ChildProcess;
  readonly tree: ProcessTree;
  /** Ends the watchdog; call it when nothing of the tree is left. */
  readonly dismissWatchdog: () => void;
}

/**
 * Waits for the end of its standard input, which comes when this process dies however it dies, and kills the group:
 * a tool's own children need not have asked for a parent-death signal.
 */
const WATCHDOG = 'read -r _; kill -KILL -"$0"';

/**
 * Start a process as leader of its own session and process group, nice, with KILL as its parent-death signal.
 *
 * Output goes to a file: a pipe would break when this process dies, and would have to be read.
 *
 * @throws MeridianError TOOL_MISSING when the program cannot be started; INTERNAL when called outside the main thread,
 *   because the parent-death signal fires when the starting *thread* ends.
 */
export async function launch(order: LaunchOrder): Promise<Launched> {
  if (!isMainThread) throw new MeridianError('INTERNAL', 'processes are started from the main thread only');
  const mark = randomUUID();
  const log = openSync(order.logPath, 'a', 0o644);
  try {
    const child = spawn('setpriv', guardedArguments(order), {
      cwd: order.cwd,
      env: { ...order.env, [TREE_VARIABLE]: mark },
      detached: true,
      stdio: ['ignore', log, log],
    });
    await started(child, order);
    const leaderPid = child.pid as number;
    return { child, tree: { leaderPid, mark }, dismissWatchdog: startWatchdog(leaderPid) };
  } finally {
    closeSync(log);
  }
}

const guardedArguments = ({ command, niceness = TOOL_NICENESS }: LaunchOrder): string[] => [
  ...['--pdeathsig', 'KILL', '--', 'nice', '-n', String(niceness)],
  ...['sh', '-c', GUARD, String(process.pid), ...command],
];

function startWatchdog(leaderPid: number): () => void {
  const watchdog = spawn('sh', ['-c', WATCHDOG, String(leaderPid)], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  return () => {
    watchdog.kill('SIGKILL');
  };
}

function started(child: ChildProcess, order: LaunchOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `cannot start ${order.command[0]} in ${order.cwd}: ${cause.message}; is setpriv (util-linux) there?`;
      reject(new MeridianError('TOOL_MISSING', message, { tool: order.command[0] }, { cause }));
    });
  });
}
