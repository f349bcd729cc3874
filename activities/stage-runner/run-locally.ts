/** A single stage without registry or workflow: the same supervised process, for `--local` commands. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SpecOf, StageName, StageResult } from '../../domain/generated/stages.ts';
import { runStageProcess, type StageProgram } from './stage-process.ts';
import type { StageHooks } from './stage-runner.ts';

export interface LocalRun<S extends StageName> {
  readonly stage: S;
  readonly spec: SpecOf<S>;
  /** Where outputs and logs are left; the result names them relative to it. */
  readonly workdir: string;
  readonly cores: number;
  readonly wallSeconds: number;
}

/**
 * Run one stage; its outputs are left in the work folder, verified.
 *
 * @throws MeridianError as `runStageProcess` does; the signal's reason when it was aborted.
 */
export async function runStageLocally<S extends StageName>(
  program: StageProgram,
  run: LocalRun<S>,
  hooks: StageHooks,
): Promise<StageResult<S>> {
  const workdir = resolve(run.workdir);
  await mkdir(workdir, { recursive: true });
  return await runStageProcess(program, { ...run, workdir }, hooks);
}
