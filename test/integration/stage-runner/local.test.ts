import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { pythonProgram, runStageLocally } from '../../../activities/stage-runner/index.ts';
import { homeFolder, homePaths } from '../../../config/index.ts';
import { watcher } from '../../support/stage-bench.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

// Stages are nice: on a busy machine they wait for everybody else.
jest.setTimeout(300_000);

const temporaryFolder = temporaryFolders();
const program = pythonProgram(homePaths(homeFolder()));

it('runs a real stage by itself and leaves its result in the folder that was given', async () => {
  const workdir = temporaryFolder();
  const file = join(workdir, 'notes.hdf5');
  writeFileSync(file, 'this is no HDF5 file');
  const hooks = watcher();

  const result = await runStageLocally(
    program,
    { stage: 'inspect', spec: { paths: [file] }, workdir: join(workdir, 'out'), cores: 1, wallSeconds: 120 },
    hooks,
  );

  expect(result.summary.files).toMatchObject([{ path: file, status: 'error', error_code: expect.any(String) }]);
  expect(readdirSync(join(workdir, 'out'))).toEqual(expect.arrayContaining(['result.json', 'stage.log', 'spec.json']));
});

it('gives the typed failure of a real stage, naming the field', async () => {
  const run = {
    stage: 'inspect' as const,
    spec: { paths: [] },
    workdir: temporaryFolder(),
    cores: 1,
    wallSeconds: 120,
  };

  await expect(runStageLocally(program, run, watcher())).rejects.toMatchObject({
    code: 'SPEC_INVALID',
    message: expect.stringContaining('paths'),
  });
});

it('does not take what an earlier run left for its own', async () => {
  const workdir = temporaryFolder();
  const run = { stage: 'inspect' as const, spec: { paths: ['/no/such/file'] }, workdir, cores: 1, wallSeconds: 120 };
  const first = await runStageLocally(program, run, watcher());
  const broken = { command: ['true'] as [string], env: {} };

  expect(first.summary.files).toHaveLength(1);
  await expect(runStageLocally(broken, run, watcher())).rejects.toMatchObject({ code: 'OUTPUT_CORRUPT' });
});
