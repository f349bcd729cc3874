import { join } from 'node:path';
import type { StageProgram } from './stage-process.ts';

interface ProgramPaths {
  readonly python: string;
  readonly pythonPath: string;
  readonly cache: string;
}

/** How the compute package is started: `python -m meridian_compute`. */
export const pythonProgram = (paths: ProgramPaths): StageProgram => ({
  command: [paths.python, '-m', 'meridian_compute'],
  // Matplotlib looks through all fonts of the machine where it finds no list of them: a second of each picture.
  env: { PYTHONPATH: paths.pythonPath, MPLCONFIGDIR: join(paths.cache, 'matplotlib') },
});
