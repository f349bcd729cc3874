/** Everything that runs on behalf of one started process, and how to end it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MeridianError } from '../../domain/errors.ts';
import { hasVariable, livingProcesses, type ProcessEntry } from './proc-table.ts';

/** Variable that every process of a tree inherits; it finds those that left the process group, too. */
export const TREE_VARIABLE = 'MERIDIAN_PROCESS_TREE';

/** A started process and all that came from it. */
export interface ProcessTree {
  /** Leader of the process group and of the session. */
  readonly leaderPid: number;
  /** Value of `TREE_VARIABLE` in this tree; unique per start. */
  readonly mark: string;
}

export const TERM_GRACE_SECONDS = 5;
const KILL_WAIT_SECONDS = 20;
const POLL_MS = 50;

/** Members of a tree that are alive. */
export function treeMembers(tree: ProcessTree): ProcessEntry[] {
  return livingProcesses().filter(
    (entry) =>
      entry.groupId === tree.leaderPid ||
      entry.sessionId === tree.leaderPid ||
      hasVariable(entry.pid, TREE_VARIABLE, tree.mark),
  );
}

/**
 * End a tree: TERM, a grace, KILL, until nothing of it is alive.
 *
 * @throws MeridianError INTERNAL when a process survives KILL (it hangs in the kernel, on a dead disk for instance).
 */
export async function endTree(tree: ProcessTree, graceSeconds = TERM_GRACE_SECONDS): Promise<void> {
  signalMembers(treeMembers(tree), 'SIGTERM');
  let members = await membersAfter(tree, graceSeconds, () => undefined);
  if (members.length === 0) return;
  signalMembers(members, 'SIGKILL');
  // A member may fork between the look and the signal, hence KILL again at every look.
  members = await membersAfter(tree, KILL_WAIT_SECONDS, (survivors) => signalMembers(survivors, 'SIGKILL'));
  if (members.length > 0) {
    const pids = members.map((entry) => entry.pid);
    const message = `processes ${pids.join(', ')} do not end although they were killed; look at their disks and mounts`;
    throw new MeridianError('INTERNAL', message, { pids });
  }
}

async function membersAfter(
  tree: ProcessTree,
  seconds: number,
  onSurvivors: (members: readonly ProcessEntry[]) => void,
): Promise<ProcessEntry[]> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const members = treeMembers(tree);
    if (members.length === 0 || performance.now() >= deadline) return members;
    onSurvivors(members);
    await sleep(POLL_MS);
  }
}

function signalMembers(members: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const { pid } of members) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
