/** One stage run directly, as a supervised process in a work folder below MERIDIAN_HOME. */
import { join } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { MeridianError } from '../../domain/errors.ts';
import type { SpecOf, StageName, StageResult } from '../../domain/generated/stages.ts';
import { pythonProgram, runStageLocally } from '../../activities/stage-runner/index.ts';
import { clearWorkFolder, newWorkFolder, withKeptLogs } from '../../activities/stage-runner/work-folder.ts';
import type { CommandContext } from '../command.ts';

/** A finished stage; its outputs are there until `use` returns. */
export interface FinishedStage<S extends StageName> {
  readonly result: StageResult<S>;
  /** Absolute path of an output; undefined when the stage left none of this role. */
  readonly output: (role: string) => string | undefined;
}

/** A person waits and can stop it: the limit is only against a forgotten terminal. */
const WALL_SECONDS = 48 * 3600;

/**
 * Runs a stage with progress shown, lets `use` take its outputs, and clears the work folder. Logs are kept below
 * `MERIDIAN_HOME/logs/stages`.
 *
 * @throws MeridianError of the stage; CANCELLED after Ctrl-C, when nothing of it is alive any more.
 */
export async function runStage<S extends StageName, Used>(
  { stage, spec }: { readonly stage: S; readonly spec: SpecOf<S> },
  context: Pick<CommandContext, 'signal' | 'progress' | 'note'>,
  use: (finished: FinishedStage<S>) => Promise<Used>,
): Promise<Used> {
  const { paths, compute } = loadConfig();
  const folder = newWorkFolder({ work: join(paths.work, 'local'), logs: paths.logs }, stage);
  const started = performance.now();
  try {
    const result = await runStageLocally(
      pythonProgram(paths),
      { stage, spec, workdir: folder.workdir, cores: compute.cores, wallSeconds: WALL_SECONDS },
      {
        signal: context.signal,
        onProgress: ({ fraction, message }) =>
          context.progress.update({ fraction, message, etaSeconds: eta(fraction, started) }),
      },
    );
    result.warnings.forEach((warning) => context.note(`warning: ${warning}`));
    const output = (role: string): string | undefined => {
      const found = result.outputs.find((candidate) => candidate.role === role);
      return found === undefined ? undefined : join(folder.workdir, found.path);
    };
    return await use({ result, output });
  } catch (error) {
    throw error instanceof MeridianError ? withKeptLogs(error, folder) : error;
  } finally {
    await clearWorkFolder(folder);
  }
}

/** Seconds left at the speed so far; null while that says little. */
function eta(fraction: number, startedMs: number): number | null {
  if (fraction < 0.05) return null;
  return ((performance.now() - startedMs) / 1000) * (1 / fraction - 1);
}
