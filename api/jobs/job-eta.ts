/** How long a job still needs: from how long its stages took before, computed when somebody asks. */
import { batchSeconds, estimateDuration, remainingSeconds } from '../../domain/eta.ts';
import type { PastRun } from '../../domain/eta.ts';
import { MOSAIC_PHASES } from '../../domain/phases.ts';
import type { MosaicPhase } from '../../domain/phases.ts';
import type { Job, JobPhase } from '../../registry/index.ts';

export interface EtaInputs {
  readonly job: Job;
  readonly phases: readonly JobPhase[];
  /** Past runs by stage. */
  readonly history: ReadonlyMap<string, readonly PastRun[]>;
  /** Stages that run side by side. */
  readonly slots: number;
  readonly nowMs: number;
}

/** Stages whose history an estimate needs. */
export const stagesOf = (job: Job): readonly string[] =>
  job.type === 'mosaic' ? [...new Set(MOSAIC_PHASES.flatMap(({ stages }) => stages))] : [job.type];

/** Seconds left, or null when too little is known; null too for a job that does not run. */
export function etaSeconds(inputs: EtaInputs): number | null {
  const { job } = inputs;
  if (job.status !== 'running' || job.pausedAt !== null) return null;
  return job.type === 'mosaic' ? mosaicSeconds(inputs) : stageSeconds(inputs, job.type);
}

function stageSeconds({ job, history, nowMs }: EtaInputs, stage: string): number | null {
  const estimate = estimateDuration(history.get(stage) ?? [], job.stageSize);
  const startedAt = job.stageStartedAt ?? job.startedAt;
  const elapsedSeconds = startedAt === null ? 0 : (nowMs - Date.parse(startedAt)) / 1000;
  return remainingSeconds(estimate, { elapsedSeconds, fraction: job.stageFraction });
}

/** Phases that are not done, each by its stages; units of a phase run side by side. */
function mosaicSeconds(inputs: EtaInputs): number | null {
  const units = Math.max(...inputs.phases.map(({ total }) => total), 1);
  let seconds = 0;
  for (const phase of MOSAIC_PHASES) {
    const left = phaseSeconds(phase, units, inputs);
    if (left === null) return null;
    seconds += left;
  }
  return seconds;
}

function phaseSeconds(phase: MosaicPhase, units: number, inputs: EtaInputs): number | null {
  const row = inputs.phases.find(({ name }) => name === phase.id);
  if (row?.state === 'done') return 0;
  const open = openUnits(phase, units, row);
  const stages = phase.stages.map((stage) => stageOfPhaseSeconds(stage, open, inputs));
  if (stages.includes(null)) return null;
  const seconds = stages.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return Math.max(seconds - runningSeconds(row, inputs.nowMs, open), 0);
}

/** Units of a phase that are not done yet. */
function openUnits(phase: MosaicPhase, units: number, row: JobPhase | undefined): number {
  if (phase.unit === null) return 1;
  if (row?.state !== 'running') return units;
  return (row.total > 0 ? row.total : units) - row.done;
}

/** Registry work takes no time worth counting; a compute stage without a history leaves the whole unknown. */
function stageOfPhaseSeconds(stage: string, open: number, { history, slots }: EtaInputs): number | null {
  return QUICK_STAGES.has(stage) ? 0 : batchSeconds(estimateDuration(history.get(stage) ?? [], 0), open, slots);
}

const QUICK_STAGES: ReadonlySet<string> = new Set(['plan', 'registry', 'publish', 'confirm']);

/** What the units under way have done already, on average. */
function runningSeconds(row: JobPhase | undefined, nowMs: number, open: number): number {
  if (row?.state !== 'running' || row.startedAt === null || open <= 0) return 0;
  const elapsed = (nowMs - Date.parse(row.startedAt)) / 1000;
  return row.done === 0 ? elapsed : (elapsed / (row.done + 1)) * 0.5;
}
