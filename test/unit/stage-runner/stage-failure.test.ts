import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { ProcessReport } from '../../../activities/process/supervise.ts';
import { stageFailure } from '../../../activities/stage-runner/stage-failure.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const temporaryFolder = temporaryFolders();

const ended = (overrides: Partial<ProcessReport> = {}): ProcessReport & { limitSeconds: number } => ({
  ending: 'exited',
  exitCode: 3,
  signal: null,
  oomKilled: false,
  wallSeconds: 1,
  limitSeconds: 60,
  ...overrides,
});

const failureOf = (report: ReturnType<typeof ended>, document?: object) => {
  const workdir = temporaryFolder();
  if (document !== undefined) writeFileSync(join(workdir, 'failure.json'), JSON.stringify(document));
  return stageFailure('image', workdir, report);
};

const toolKilled = (exitCode: number): object => ({
  code: 'TOOL_FAILED',
  message: 'wsclean ended with signal 9',
  context: { tool: 'wsclean', exit_code: exitCode },
});

it.each([
  ['the stage itself', ended({ exitCode: null, signal: 'SIGKILL', oomKilled: true }), undefined],
  ['a tool of it', ended({ oomKilled: true }), toolKilled(-9)],
  ['a tool of it, seen through a shell', ended({ oomKilled: true }), toolKilled(137)],
])('says that memory ran out when the kernel took %s', async (_what, report, document) => {
  expect(await failureOf(report, document)).toMatchObject({ code: 'OUT_OF_MEMORY', retryable: true });
});

it.each([
  ['KILL that the kernel did not count', ended({ exitCode: null, signal: 'SIGKILL' }), undefined, 'TOOL_FAILED'],
  ['a tool that was killed by hand', ended(), toolKilled(-9), 'TOOL_FAILED'],
  [
    'a failure of its own while another process ran out of memory',
    ended({ oomKilled: true }),
    toolKilled(1),
    'TOOL_FAILED',
  ],
])('does not blame memory for %s', async (_what, report, document, code) => {
  expect((await failureOf(report, document)).code).toBe(code);
});

it('blames the limit even when the stage left words of its own', async () => {
  expect(
    await failureOf(ended({ ending: 'timed_out', signal: 'SIGTERM', exitCode: null }), toolKilled(-15)),
  ).toMatchObject({
    code: 'TOOL_TIMED_OUT',
    context: { limit_seconds: 60 },
  });
});

it.each([
  [2, 'SPEC_INVALID'],
  [3, 'TOOL_FAILED'],
  [4, 'OUT_OF_MEMORY'],
  [1, 'INTERNAL'],
  [127, 'TOOL_MISSING'],
])('reads exit status %d without words', async (exitCode, code) => {
  expect((await failureOf(ended({ exitCode }))).code).toBe(code);
});

it('takes no half-written words for words', async () => {
  const workdir = temporaryFolder();
  writeFileSync(join(workdir, 'failure.json'), '{"code": "FILE_TR');
  writeFileSync(join(workdir, 'stage.log'), 'first\n\nTraceback\nKeyError: 3\n');

  expect(await stageFailure('image', workdir, ended({ exitCode: 1 }))).toMatchObject({
    code: 'INTERNAL',
    message: 'image ended with status 1: first | Traceback | KeyError: 3',
  });
});
