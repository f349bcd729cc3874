/** Whether the kernel killed something of ours for want of memory: counted by the kernel, never guessed from signal 9. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where to look; other places only in tests. */
export interface KernelFiles {
  readonly proc: string;
  readonly cgroup: string;
}

const KERNEL: KernelFiles = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/**
 * How often the OOM killer took a process of our control group so far; of the whole machine where groups do not count.
 *
 * Compare two readings, before and after; undefined when the kernel gives neither.
 */
export function oomKills(files: KernelFiles = KERNEL): number | undefined {
  for (const path of [...cgroupCounters(files), join(files.proc, 'vmstat')]) {
    const count = counterIn(path);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Counter files of our control group, version 2 before version 1. */
function cgroupCounters(files: KernelFiles): string[] {
  const lines = (readText(join(files.proc, 'self/cgroup')) ?? '').split('\n');
  const groups = lines.map((line) => /^(\d+):([^:]*):(.*)$/.exec(line)).filter((match) => match !== null);
  const unified = groups.filter(([, id]) => id === '0').map(([, , , path = '/']) => path);
  const memory = groups
    .filter(([, , names = '']) => names.split(',').includes('memory'))
    .map(([, , , path = '/']) => path);
  return [
    ...unified.flatMap((path) => [
      join(files.cgroup, path, 'memory.events'),
      join(files.cgroup, 'unified', path, 'memory.events'),
    ]),
    ...memory.map((path) => join(files.cgroup, 'memory', path, 'memory.oom_control')),
    // Inside a container the path of /proc/self/cgroup may be the host's: its own group is then the root that it sees.
    join(files.cgroup, 'memory.events'),
    join(files.cgroup, 'memory', 'memory.oom_control'),
  ];
}

function counterIn(path: string): number | undefined {
  const match = /^oom_kill (\d+)$/m.exec(readText(path) ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
