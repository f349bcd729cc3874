/** What one attempt of a stage may use: a line per stage. */
import type { StageName } from '../domain/generated/stages.ts';
import type { StageLimits } from './stage-runner/stage-runner.ts';

interface ResourceNeed {
  /** GiB; about 1.5 times the largest that a full group of 96 antennas took. */
  readonly memoryGb: number;
  /** Cores it takes out of the worker's; an imager keeps its threads busy half of the time. */
  readonly cores: number;
}

const NEEDS: Readonly<Record<StageName, ResourceNeed>> = {
  simulate: { memoryGb: 2, cores: 1 },
  inspect: { memoryGb: 0.5, cores: 1 },
  convert: { memoryGb: 2.5, cores: 1 },
  flag: { memoryGb: 2, cores: 1 },
  solve: { memoryGb: 2.5, cores: 1 },
  apply: { memoryGb: 2, cores: 1 },
  image: { memoryGb: 2.5, cores: 1 },
  mosaic: { memoryGb: 3, cores: 1 },
  photometry: { memoryGb: 1.5, cores: 1 },
  qa: { memoryGb: 2, cores: 1 },
  catalog: { memoryGb: 3, cores: 1 },
};

/** What work folders need beside the data itself: logs, small files. */
const SMALL_FILES_GB = 0.2;
const BYTES_PER_GB = 1024 ** 3;

export interface LimitInputs {
  readonly stage: StageName;
  readonly attempt: number;
  readonly wallSeconds: number;
  /** Bytes that the attempt is expected to write. */
  readonly writesBytes: number;
  readonly worker: { readonly cores: number; readonly memoryGb: number };
}

/** More threads than this do not make one image faster; several images at a time do. */
const IMAGING_THREADS = 4;

/** Threads of an imager on a worker with so many cores: two for each core that it takes. */
export const imagingThreads = (cores: number): number => Math.max(1, Math.min(cores, IMAGING_THREADS));

/** Limits of an attempt. A later one gets twice the memory: the first may have run out of it. */
export function stageLimits({ stage, attempt, wallSeconds, writesBytes, worker }: LimitInputs): StageLimits {
  const need = NEEDS[stage];
  return {
    wallSeconds,
    memoryGb: Math.min(need.memoryGb * (attempt > 1 ? 2 : 1), worker.memoryGb),
    diskGb: writesBytes / BYTES_PER_GB + SMALL_FILES_GB,
    cores: stage === 'image' ? Math.max(1, imagingThreads(worker.cores) / 2) : Math.min(need.cores, worker.cores),
  };
}
