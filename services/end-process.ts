/** Ends one process that need not be our child. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../activities/process/proc-table.ts';
import type { ProcessIdentity } from '../activities/process/proc-table.ts';

const LOOK_MS = 50;
const KILL_WAIT_MS = 5000;

/** Sends a signal and waits; after the grace, KILL. Resolves when the process is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  signal: 'SIGTERM' | 'SIGINT',
  graceSeconds: number,
): Promise<'ended' | 'killed'> {
  if (!send(identity, signal)) return 'ended';
  if (await isGone(identity, graceSeconds * 1000)) return 'ended';
  send(identity, 'SIGKILL');
  await isGone(identity, KILL_WAIT_MS);
  return 'killed';
}

/** Signals exactly this process; false if it is not there any more. */
function send(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until a process is gone; false if it is still there after the time. */
export async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
