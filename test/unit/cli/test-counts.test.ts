import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { countJest, countJunit } from '../../../cli/testing/suites.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();

function report(content: string): string {
  const file = join(newFolder(), 'report');
  writeFileSync(file, content);
  return file;
}

const jestReport = (counts: object): string =>
  report(
    JSON.stringify({
      numPassedTests: 4,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 0,
      ...counts,
    }),
  );

describe('counting a jest run', () => {
  it('takes files that did not load for failures', () => {
    expect(countJest(jestReport({ numFailedTests: 2, numRuntimeErrorTestSuites: 1 }), 1)).toEqual({
      passed: 4,
      failed: 3,
      skipped: 0,
    });
  });

  it('takes a run that ended badly for a failure although every test passed', () => {
    expect(countJest(jestReport({}), 1).failed).toBe(1);
    expect(countJest(jestReport({}), 0).failed).toBe(0);
  });

  it('takes a run without a report for a failure', () => {
    expect(countJest(join(newFolder(), 'none'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('counting a pytest run', () => {
  it('counts failures and errors, and leaves skipped tests out of the passed', () => {
    const file = report(
      '<?xml version="1.0" encoding="utf-8"?><testsuites name="x"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.0"><testcase/></testsuite></testsuites>',
    );

    expect(countJunit(file, 1)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });

  it('takes a run that ended badly without a failed test for a failure', () => {
    const file = report('<testsuite name="pytest" errors="0" failures="0" skipped="0" tests="5">');

    expect(countJunit(file, 2)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });
});
