/** `doctor`: each component, whether it is there, which version, and how to mend it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/index.ts';
import { runs } from '../command.ts';
import type { CommandResult } from '../command.ts';
import { machineFindings } from '../doctor/machine.ts';
import type { Finding } from '../doctor/probe.ts';
import { programFindings } from '../doctor/programs.ts';
import { pythonFindings } from '../doctor/python.ts';
import { table } from '../output/table.ts';

const SIGNS = { ok: 'ok', warning: 'WARNING', error: 'ERROR' } as const;
const WIDEST_VERSION = 60;

const short = (text: string | null): string | null =>
  text !== null && text.length > WIDEST_VERSION ? `${text.slice(0, WIDEST_VERSION - 1)}…` : text;

function show(findings: readonly Finding[]): string {
  const troubles = findings
    .filter(({ status }) => status !== 'ok')
    .map(({ component, status, detail, mend }) => `${SIGNS[status]}  ${component}: ${detail}\n  to mend: ${mend}`);
  const rows = table(findings, [
    { title: 'component', value: (row) => row.component },
    { title: 'status', value: (row) => SIGNS[row.status] },
    { title: 'version', value: (row) => short(row.version) },
    { title: 'where', value: (row) => row.path },
  ]);
  const verdict = findings.some(({ status }) => status === 'error')
    ? 'Something will fail: see above.'
    : 'Ready to work.';
  return [rows, '', ...troubles, verdict].join('\n');
}

async function doctor(): Promise<CommandResult> {
  const config = loadConfig();
  const scratch = mkdtempSync(join(tmpdir(), 'meridian-doctor-'));
  try {
    const [programs, python, machine] = await Promise.all([
      programFindings(config.paths),
      pythonFindings(config.paths, scratch),
      machineFindings(config),
    ]);
    const findings = [...programs, ...python, ...machine];
    const healthy = findings.every(({ status }) => status !== 'error');
    return { document: { healthy, components: findings }, text: show(findings), exitStatus: healthy ? 0 : 1 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function doctorCommand(): Command {
  return runs(new Command('doctor').description('each component: found, version, how to mend'), doctor);
}
