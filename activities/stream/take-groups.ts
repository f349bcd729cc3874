/** A look into the incoming folder: files recorded, groups decided, the work on them begun while places are free. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { MeridianError } from '../../domain/errors.ts';
import { mjdFromUnixMs } from '../../domain/time.ts';
import { uuid7, type DataRoot, type JsonObject, type WaitingGroup } from '../../registry/index.ts';
import type { GroupInput } from '../../workflows/contracts/group.ts';
import { groupWorkflowId } from '../../workflows/contracts/ids.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { groupStart } from '../../workflows/contracts/start.ts';
import type { StreamLook } from '../../workflows/contracts/stream.ts';
import { sayInHeartbeat } from '../activity-progress.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { ScanIncoming } from '../scan/scan-incoming.ts';
import { recordAbsence } from '../group/absence.ts';
import type { TakeGroups } from '../interfaces.ts';

const LOOK_SECONDS = 60;
const POLL_MS = 2000;
/** Data older than this are no longer live: newer ones go first. */
const LIVE_DAYS = 0.5;
/** Groups accounted for in one look: the rest has its turn in the next. */
const ACCOUNTED_AT_ONCE = 50;

export type StreamDependencies = ActivityDependencies & { readonly scanIncoming: ScanIncoming };

interface Taking extends TakeGroups {
  readonly root: DataRoot;
}

/** Looks until something is started or ended, or a minute is over; a cancellation ends it at once. */
export async function takeGroups(dependencies: StreamDependencies, input: TakeGroups): Promise<StreamLook> {
  const root = await dependencies.registry.dataRoots.find(input.rootId);
  if (root === undefined) throw new MeridianError('NOT_FOUND', `there is no data root ${input.rootId}`);
  const { cancellationSignal } = Context.current();
  const taking = { ...input, root };
  const first = await lookOnce(dependencies, taking);
  let look = first;
  for (let waited = 0; waited < LOOK_SECONDS * 1000; waited += POLL_MS) {
    if (look.started.length > 0 || isSettled(look, first, input.once)) return look;
    await sleep(POLL_MS, undefined, { signal: cancellationSignal });
    look = await lookOnce(dependencies, taking);
  }
  return look;
}

/** Something for people to see has changed, or there is nothing to wait for. */
const isSettled = (look: StreamLook, first: StreamLook, once: boolean): boolean =>
  look.failed !== first.failed ||
  look.newestDoneMjd !== first.newestDoneMjd ||
  (once && look.inFlight + look.waiting + look.collecting === 0);

async function lookOnce(dependencies: StreamDependencies, taking: Taking): Promise<StreamLook> {
  const { registry } = dependencies;
  const { root, rootId, jobId, maxInFlight } = taking;
  sayInHeartbeat({ stage: 'stream', message: `looking into ${root.path}` });
  await dependencies.scanIncoming(root, { once: taking.once });
  for (const { id, version, reason } of await registry.streamWork.unaccounted(rootId, ACCOUNTED_AT_ONCE)) {
    await recordAbsence(dependencies, { groupId: id, version, jobId, status: 'no_data', reason });
  }
  const before = await registry.streamWork.counts(rootId);
  let places = Math.max(maxInFlight - before.inFlight, 0);
  const started: string[] = [];
  for (const group of await registry.streamWork.waiting(rootId, { limit: maxInFlight, liveFromMjd: liveFromMjd() })) {
    // One whose job is written has its place; the start got lost.
    if (!group.hasJob && places-- <= 0) continue;
    await startGroup(dependencies, taking, group);
    started.push(group.id);
  }
  return { at: new Date().toISOString(), started, ...(await registry.streamWork.counts(rootId)) };
}

const liveFromMjd = (): number => mjdFromUnixMs(Date.now()) - LIVE_DAYS;

/** The job row first, then the workflow: a start that gets lost in between is asked for again by the next look. */
async function startGroup(
  { registry, client, queuePrefix }: ActivityDependencies,
  { jobId: streamJobId, recipe, policies }: Taking,
  { id: groupId, version, midMjd }: WaitingGroup,
): Promise<void> {
  const workflowId = groupWorkflowId(groupId, version);
  const priority = midMjd >= liveFromMjd() ? PRIORITY.live : PRIORITY.backfill;
  const { job } = await registry.transaction(async ({ jobs, events }) => {
    const asked = await jobs.request({
      id: uuid7(),
      type: 'group',
      workflowId,
      parentId: streamJobId,
      parameters: { group_id: groupId, version } as JsonObject,
      requestedBy: 'stream',
      priority,
    });
    if (asked.outcome !== 'found') {
      const message = `group ${groupId} taken by the stream`;
      await events.append({ kind: 'job.requested', jobId: asked.job.id, workflowId, groupId, message });
    }
    return asked;
  });
  const input: GroupInput = { jobId: job.id, groupId, version, recipe, priority, policies };
  const { workflowType, options } = groupStart(input, midMjd, queuePrefix);
  try {
    await client.workflow.start(workflowType, options);
  } catch (error) {
    // It ended in between.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
