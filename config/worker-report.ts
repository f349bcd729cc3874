/** What a worker writes about itself for `status` and the supervisor: it has no port that could be asked. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The worker writes its report this often. */
export const WORKER_REPORT_SECONDS = 2;

const workerReportSchema = z.object({
  pid: z.number().int(),
  state: z.enum(['starting', 'running', 'stopping']),
  /** Hash of the workflow bundle. */
  bundle_hash: z.string(),
  /** Activity attempts under way. */
  running: z.number().int(),
  /** ISO 8601 UTC. */
  written_at: z.string(),
});

export type WorkerReport = z.output<typeof workerReportSchema>;

/** Writes the report as a whole (a reader never sees half of it). */
export function writeWorkerReport(file: string, report: Omit<WorkerReport, 'pid' | 'written_at'>): void {
  const full: WorkerReport = { ...report, pid: process.pid, written_at: new Date().toISOString() };
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(full)}\n`);
  renameSync(draft, file);
}

/** The last report; undefined when there is none that can be read. */
export function readWorkerReport(file: string): WorkerReport | undefined {
  try {
    return workerReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
