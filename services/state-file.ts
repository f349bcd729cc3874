/** The supervisor's files under run/: written as a whole, so that a reader never sees half of one. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { HEALTHS, SERVICE_NAMES } from './service.ts';
import type { ServiceHealth, ServiceName, ServiceRecord } from './service.ts';

const identitySchema = z.object({ pid: z.number().int(), startTicks: z.number(), bootId: z.string() });

const recordSchema = z.object({
  name: z.enum(SERVICE_NAMES),
  process: identitySchema,
  address: z.string(),
  since: z.string(),
  restarts: z.number().int(),
  build: z.string().optional(),
});

/** Lenient where another release may have written something else: whoever runs must be found by every release. */
const stateSchema = z.object({
  supervisor: identitySchema,
  build: z.string().optional(),
  startedAt: z.string().catch(''),
  wanted: z.array(z.enum(SERVICE_NAMES)).catch([]),
  records: z.array(recordSchema).catch([]),
  health: z
    .partialRecord(
      z.enum(SERVICE_NAMES),
      z.object({ health: z.enum(HEALTHS), detail: z.string().optional(), failures: z.number().int() }),
    )
    .catch({}),
});

export interface SupervisorState {
  readonly supervisor: ServiceRecord['process'];
  readonly build: string | undefined;
  readonly startedAt: string;
  readonly wanted: readonly ServiceName[];
  readonly records: readonly ServiceRecord[];
  readonly health: Readonly<Partial<Record<ServiceName, ServiceHealth>>>;
}

/** Writes JSON beside the file and renames it into place. */
export function writeJsonFile(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(draft, file);
}

/** Reads the last state; undefined if there is none or it is damaged (then nothing can be adopted from it). */
export function readState(file: string): SupervisorState | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) as SupervisorState;
  } catch {
    return undefined;
  }
}

export function removeState(file: string): void {
  rmSync(file, { force: true });
}
