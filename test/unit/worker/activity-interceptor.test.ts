import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { sayInHeartbeat } from '../../../activities/activity-progress.ts';
import { MeridianError } from '../../../domain/errors.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from '../../../domain/stage-policies.ts';
import { activityInterceptors } from '../../../worker/activity-interceptor.ts';

const entries: LogEntry[] = [];
const logger = new DefaultLogger('DEBUG', (entry) => void entries.push(entry));

const anEnvironment = (): MockActivityEnvironment =>
  new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'ms/g/v1', runId: 'run-1' }, attempt: 2 },
    { interceptors: [activityInterceptors], logger },
  );

describe('around every activity', () => {
  it('a timer beats, whatever the activity does, with what it said last', async () => {
    const environment = anEnvironment();
    const beats: unknown[] = [];
    environment.on('heartbeat', (details: unknown) => beats.push(details));

    await environment.run(async () => {
      sayInHeartbeat({ stage: 'image', fraction: 0.5 });
      await sleep(HEARTBEAT_INTERVAL_SECONDS * 1000 + 200);
    });

    expect(beats).toEqual([{ stage: 'image', fraction: 0.5 }]);
  });

  it('log lines name workflow, run, attempt, job, group and stage', async () => {
    entries.length = 0;

    await anEnvironment().run(async (_input: object) => Context.current().log.info('at work'), {
      jobId: 'job-1',
      groupId: 'g',
      stage: 'image',
      other: 1,
    });

    const line = entries.find(({ message }) => message === 'at work');
    expect(line?.meta).toMatchObject({
      workflow_id: 'ms/g/v1',
      run_id: 'run-1',
      attempt: 2,
      job_id: 'job-1',
      group_id: 'g',
      stage: 'image',
    });
    expect(line?.meta).not.toHaveProperty('other');
  });

  it('failures get their code, and the attempt counts', async () => {
    const failing = anEnvironment().run(async () => {
      throw new MeridianError('OUT_OF_MEMORY', 'too large');
    });

    await expect(failing).rejects.toMatchObject({ type: 'OUT_OF_MEMORY', nonRetryable: true });
  });

  it('a cancelled activity ends as cancelled, whatever its stage says', async () => {
    const environment = anEnvironment();

    const cancelled = environment.run(async () => {
      environment.cancel('CANCELLED');
      await Context.current().cancelled.catch(() => undefined);
      throw new MeridianError('TOOL_FAILED', 'killed');
    });

    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledFailure' });
  });
});
