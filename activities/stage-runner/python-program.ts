import type { StageProgram } from './stage-process.ts';

/** How the compute package is started: `python -m meridian_compute`. */
export const pythonProgram = (paths: { readonly python: string; readonly pythonPath: string }): StageProgram => ({
  command: [paths.python, '-m', 'meridian_compute'],
  env: { PYTHONPATH: paths.pythonPath },
});
