/** One run of a stage's process in its work folder: spec in, verified result or typed failure out. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageName, StageResult } from '../../domain/generated/stages.ts';
import { supervise } from '../process/supervise.ts';
import { stageFailure } from './stage-failure.ts';
import { readResult } from './stage-result.ts';
import type { StageProgress } from './stage-runner.ts';

/** How stage processes are started. */
export interface StageProgram {
  /** Program and first arguments: `…/venv/bin/python -m meridian_compute`. */
  readonly command: readonly [string, ...string[]];
  /** Variables besides the usual ones: PYTHONPATH. */
  readonly env: Readonly<Record<string, string>>;
}

export interface StageRun<S extends StageName> {
  readonly stage: S;
  readonly spec: object;
  /** Folder of this run alone; made if it is not there. */
  readonly workdir: string;
  readonly cores: number;
  readonly wallSeconds: number;
}

export interface StageRunHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: StageProgress) => void;
}

/** Files of a work folder that are kept as logs. */
export const LOG_FILES = ['spec.json', 'events.jsonl', 'stage.log', 'result.json', 'failure.json'] as const;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Run a stage. When this returns or throws, nothing of it is alive.
 *
 * @throws MeridianError with the stage's own code, or TOOL_TIMED_OUT, OUT_OF_MEMORY, TOOL_MISSING, INTERNAL,
 *   OUTPUT_CORRUPT; the signal's reason when it was aborted.
 */
export async function runStageProcess<S extends StageName>(
  program: StageProgram,
  run: StageRun<S>,
  hooks: StageRunHooks,
): Promise<StageResult<S>> {
  const { stage, workdir } = run;
  const scratch = { home: join(workdir, 'home'), tmp: join(workdir, 'tmp') };
  for (const folder of Object.values(scratch)) await mkdir(folder, { recursive: true });
  // What an earlier run left there must not be taken for this one's.
  for (const file of LOG_FILES) await rm(join(workdir, file), { force: true });
  const specPath = join(workdir, 'spec.json');
  await writeFile(specPath, JSON.stringify(run.spec, null, 1));
  let progress: StageProgress = { fraction: 0, message: `${stage} starts`, pid: 0 };
  const report = (change: Partial<StageProgress>): void => hooks.onProgress((progress = { ...progress, ...change }));
  const ended = await supervise(
    {
      command: [...program.command, stage, '--spec', specPath, '--workdir', workdir] as [string, ...string[]],
      cwd: workdir,
      env: { ...usualVariables(run.cores, scratch), ...program.env },
      logPath: join(workdir, 'stage.log'),
      eventsPath: join(workdir, 'events.jsonl'),
      wallSeconds: run.wallSeconds,
    },
    {
      signal: hooks.signal,
      onStart: (pid) => report({ pid }),
      onLine: (line) => report(progressIn(line)),
    },
  );
  if (ended.ending === 'cancelled') throw hooks.signal.reason as Error;
  if (ended.ending === 'exited' && ended.exitCode === 0) return readResult(stage, workdir);
  throw await stageFailure(stage, workdir, { ...ended, limitSeconds: run.wallSeconds });
}

const usualVariables = (cores: number, scratch: { home: string; tmp: string }): Record<string, string> => ({
  PATH,
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  HOME: scratch.home,
  TMPDIR: scratch.tmp,
  OMP_NUM_THREADS: String(Math.max(1, Math.floor(cores))),
  OPENBLAS_NUM_THREADS: '1',
  MPLBACKEND: 'Agg',
  PYTHONUNBUFFERED: '1',
});

/** Progress that an event line tells; other events and broken lines change nothing. */
function progressIn(line: string): Partial<StageProgress> {
  try {
    const event = JSON.parse(line) as { kind?: unknown; fraction?: unknown; message?: unknown };
    if (event.kind !== 'progress' || typeof event.fraction !== 'number') return {};
    return { fraction: event.fraction, message: typeof event.message === 'string' ? event.message : '' };
  } catch {
    return {};
  }
}
