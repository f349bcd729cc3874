/** What the kernel says about processes (`/proc`, Linux). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of `/proc/<pid>/stat`. */
  readonly startTicks: number;
  readonly bootId: string;
}

/** One line of `/proc/<pid>/stat`, as far as we need it. */
export interface ProcessEntry {
  readonly pid: number;
  /** `R`, `S`, `D`, `T`, …; `Z` and `X` are dead. */
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  readonly startTicks: number;
}

const DEAD_STATES = new Set(['Z', 'X', 'x']);

/** A zombie is dead: it only waits for its parent to read its exit status. */
export const isDead = (entry: ProcessEntry): boolean => DEAD_STATES.has(entry.state);

let cachedBootId: string | undefined;

/** Identity of this boot of the machine. */
export function bootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return cachedBootId;
}

/** Process numbers mean something only within one of these: a container has its own. */
export const pidNamespace = (): string => readlinkSync('/proc/self/ns/pid');

/** Read one process; undefined when there is none. */
export function readProcess(pid: number): ProcessEntry | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name is in parentheses and may itself hold blanks and parentheses.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? 'X',
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    sessionId: Number(fields[3]),
    startTicks: Number(fields[19]),
  };
}

/** Every process that is not dead. */
export function livingProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry): entry is ProcessEntry => entry !== undefined && !isDead(entry));
}

/** Identity of a process, undefined when there is none (a zombie still has one). */
export function identify(pid: number): ProcessIdentity | undefined {
  const entry = readProcess(pid);
  return entry && { pid, startTicks: entry.startTicks, bootId: bootId() };
}

/** Whether exactly this process is alive: same boot, same start, and no zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== bootId()) return false;
  const entry = readProcess(identity.pid);
  return entry !== undefined && !isDead(entry) && entry.startTicks === identity.startTicks;
}

/** Variables a process was started with, `NAME=value`; none when we may not look. */
export const readEnvironment = (pid: number): string[] => readList(`/proc/${pid}/environ`);

/** Program and arguments of a process; none when it is gone. */
export const readArguments = (pid: number): string[] => readList(`/proc/${pid}/cmdline`);

function readList(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

/** Whether a process was started with this variable in its environment; false when we may not look. */
export const hasVariable = (pid: number, name: string, value: string): boolean =>
  readEnvironment(pid).includes(`${name}=${value}`);
