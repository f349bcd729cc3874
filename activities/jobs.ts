/** The rows of a run in the registry: its job, its mosaic group, the events that people follow. */
import { Context } from '@temporalio/activity';
import { ERROR_RULES, isErrorCode } from '../domain/errors.ts';
import type { JsonObject, Registry } from '../registry/index.ts';
import type { PhaseStatus } from '../workflows/contracts/control.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { JobActivities } from './interfaces.ts';

/**
 * What the data of a group itself did wrong: it is not tried again before its files change. A file that is another one
 * than it was is looked at again, and that decides.
 */
const isFaultOfData = (code: string): boolean =>
  isErrorCode(code) &&
  code !== 'INPUT_CHANGED' &&
  ERROR_RULES[code].exitClass === 'bad_input' &&
  ERROR_RULES[code].httpStatus !== 503;

type Rows = Pick<ActivityDependencies, 'registry'>;

export const createJobActivities = ({ registry }: Rows): JobActivities => ({
  async beginJob({ jobId }) {
    const { workflowExecution } = Context.current().info;
    await registry.jobs.begin(jobId, workflowExecution?.runId ?? '');
    await registry.events.append({ kind: 'job.started', jobId, ...ofWorkflow(), message: 'started' });
  },

  async recordPhase({ jobId, changed, phases }) {
    await registry.transaction(async ({ jobs, events }) => {
      await jobs.recordPhases(
        jobId,
        phases.map((phase, position) => ({ ...phase, position })),
      );
      const phase = phases.find(({ name }) => name === changed);
      if (phase !== undefined) await events.append(phaseEvent(jobId, phase));
    });
  },

  recordControl: (control) => recordControl(registry, control),
  endJob: (end) => endJob(registry, end),
  recordUnitEnd: (end) => recordUnitEnd(registry, end),
});

type Input<Name extends keyof JobActivities> = Parameters<JobActivities[Name]>[0];

async function recordControl(registry: Registry, control: Input<'recordControl'>): Promise<void> {
  const { jobId, action, requestedBy, reason, requestId } = control;
  await registry.transaction(async ({ jobs, events, audit }) => {
    if (action === 'pause') await jobs.recordPause(jobId, { requestedBy, reason });
    else if (action !== 'reconfigure') await jobs.recordResume(jobId);
    await events.append({
      kind: `job.${action}`,
      jobId,
      ...ofWorkflow(),
      message: `${action} by ${requestedBy}: ${reason}`,
      payload: { requested_by: requestedBy, reason },
    });
    const subject = { subjectKind: 'job', subjectId: jobId };
    await audit.record({ actor: requestedBy, action: `job.${action}`, ...subject, reason, requestId });
  });
}

async function endJob(registry: Registry, end: Input<'endJob'>): Promise<void> {
  const { jobId, mosaicGroupId, state, failure, result } = end;
  await registry.transaction(async ({ jobs, events, mosaicGroups }) => {
    await jobs.end(jobId, {
      status: state,
      error: failure,
      ...(result === null ? {} : { result: result as JsonObject }),
    });
    if (mosaicGroupId !== null && state !== 'done') await mosaicGroups.end(mosaicGroupId, state, failure);
    await events.append({
      kind: `job.${state}`,
      jobId,
      ...ofWorkflow(),
      message: failure?.message ?? state,
      payload: failure === null ? {} : { code: failure.code },
    });
  });
}

async function recordUnitEnd(registry: Registry, end: Input<'recordUnitEnd'>): Promise<void> {
  const { kind, groupId, groupVersion, jobIds, state, failure } = end;
  await registry.transaction(async ({ groups, events }) => {
    if (kind === 'ms' && state === 'failed' && isFaultOfData(failure.code)) {
      await groups.reject({ id: groupId, version: groupVersion }, failure);
    }
    const what = kind === 'ms' ? 'measurement set' : 'tile';
    const event = {
      kind: `${kind}.${state}`,
      groupId,
      ...ofWorkflow(),
      message: `the ${what} of ${groupId} ${state === 'failed' ? 'failed' : 'was cancelled'}: ${failure.message}`,
      payload: { code: failure.code },
    };
    await events.append(...(jobIds.length === 0 ? [event] : jobIds.map((jobId) => ({ ...event, jobId }))));
  });
}

const ofWorkflow = () => ({ workflowId: Context.current().info.workflowExecution?.workflowId ?? null });

function phaseEvent(jobId: string, phase: PhaseStatus) {
  const { name, state, done, total, message, startedAt } = phase;
  const begun = state === 'running' && message === '' && done === 0;
  return {
    kind: state === 'running' ? (begun ? 'phase.started' : 'phase.progress') : `phase.${state}`,
    jobId,
    ...ofWorkflow(),
    stage: name,
    message: message === '' ? `${name} ${state}` : message,
    payload: { phase: name, state, done, total, started_at: startedAt },
  };
}
