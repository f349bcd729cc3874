/** How each workflow is started: one place for queue, id, conflict policy, search attributes and words for the UI. */
import type { Priority, SearchAttributePair } from '@temporalio/common';
import { unixMsFromMjd } from '../../domain/time.ts';
import {
  eseWorkflowId,
  groupWorkflowId,
  jobWorkflowId,
  scanWorkflowId,
  streamWorkflowId,
  transitMosaicWorkflowId,
  windowMosaicWorkflowId,
} from './ids.ts';
import { ESE_WORKFLOW, type EseInput } from './ese.ts';
import { GROUP_WORKFLOW, type GroupInput } from './group.ts';
import { JOB_WORKFLOW, type JobInput } from './job.ts';
import { MOSAIC_WORKFLOW, type MosaicInput, type MosaicTarget } from './mosaic.ts';
import { PHOTOMETRY_WORKFLOW, type PhotometryInput } from './photometry.ts';
import { PRIORITY, taskQueue } from './queues.ts';
import { SCAN_WORKFLOW, type ScanInput } from './scan.ts';
import { STREAM_WORKFLOW, type StreamInput } from './stream.ts';
import { calibratorKey, groupIdKey, jobTypeKey, obsTimeKey } from './search-attributes.ts';

/** Arguments for `client.workflow.start(workflowType, options)`. */
export interface StartRequest<Input> {
  readonly workflowType: string;
  readonly options: {
    readonly workflowId: string;
    readonly taskQueue: string;
    readonly args: [Input];
    readonly workflowIdConflictPolicy: 'USE_EXISTING';
    readonly workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE';
    readonly typedSearchAttributes: SearchAttributePair[];
    readonly staticSummary: string;
    readonly priority: Priority;
  };
}

/** Workflow id of a mosaic. */
export const mosaicWorkflowId = (target: MosaicTarget, hash8: string): string =>
  target.kind === 'transit'
    ? transitMosaicWorkflowId(target.calibrator, target.transitNumber, hash8)
    : windowMosaicWorkflowId(target.startUtc, target.endUtc, hash8);

/** What the mosaic is of, in words. */
export const describeTarget = (target: MosaicTarget): string =>
  target.kind === 'transit'
    ? `${target.calibrator}, transit ${target.transitUtc}, ${target.timespanMinutes} min`
    : `${target.startUtc} to ${target.endUtc}`;

/**
 * How to start a mosaic. A second start while it runs gives the running one; after it succeeded the start is refused
 * (`WorkflowExecutionAlreadyStartedError`): the product is there. After a failure it may be started again.
 */
export function mosaicStart(input: MosaicInput, hash8: string, prefix: string): StartRequest<MosaicInput> {
  const { target } = input;
  const middleMjd = (target.startMjd + target.endMjd) / 2;
  return {
    workflowType: MOSAIC_WORKFLOW,
    options: {
      ...onceOnly(input, prefix, input.priority),
      workflowId: mosaicWorkflowId(target, hash8),
      typedSearchAttributes: [
        { key: jobTypeKey, value: 'mosaic' },
        { key: obsTimeKey, value: new Date(unixMsFromMjd(middleMjd)) },
        ...(target.kind === 'transit' ? [{ key: calibratorKey, value: target.calibrator }] : []),
      ],
      staticSummary: `Mosaic ${describeTarget(target)}`,
    },
  };
}

/** How to start one stage by hand. */
export function jobStart(input: JobInput, prefix: string): StartRequest<JobInput> {
  return {
    workflowType: JOB_WORKFLOW,
    options: {
      ...onceOnly(input, prefix, input.priority),
      workflowId: jobWorkflowId(input.jobId),
      typedSearchAttributes: [{ key: jobTypeKey, value: input.stage }],
      staticSummary: `${input.stage} ${input.unit}`,
    },
  };
}

/** How to start a search for scattering events. */
export const eseStart = (input: EseInput, prefix: string): StartRequest<EseInput> => ({
  workflowType: ESE_WORKFLOW,
  options: {
    ...onceOnly(input, prefix, input.priority),
    workflowId: eseWorkflowId(input.sourceId === null ? 'all' : String(input.sourceId), input.jobId),
    typedSearchAttributes: [{ key: jobTypeKey, value: 'ese-detect' }],
    staticSummary: 'Search for scattering events',
  },
});

/** How to start the stream over a folder; a second start while it runs gives the running one, after its end it may be started anew. */
export function streamStart(input: StreamInput, prefix: string): StartRequest<StreamInput> {
  return {
    workflowType: STREAM_WORKFLOW,
    options: {
      ...onceOnly(input, prefix, PRIORITY.live),
      workflowId: streamWorkflowId(input.name),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: jobTypeKey, value: 'stream' }],
      staticSummary: `Stream ${input.name}${input.once ? ', once' : ''}`,
    },
  };
}

/** How to start the work on one group. */
export function groupStart(input: GroupInput, midMjd: number, prefix: string): StartRequest<GroupInput> {
  return {
    workflowType: GROUP_WORKFLOW,
    options: {
      ...onceOnly(input, prefix, input.priority),
      workflowId: groupWorkflowId(input.groupId, input.version),
      typedSearchAttributes: [
        { key: jobTypeKey, value: 'group' },
        { key: groupIdKey, value: input.groupId },
        { key: obsTimeKey, value: new Date(unixMsFromMjd(midMjd)) },
      ],
      staticSummary: `Group ${input.groupId}`,
    },
  };
}

/** How to start photometry of a product. */
export function photometryStart(
  input: PhotometryInput,
  workflowId: string,
  prefix: string,
): StartRequest<PhotometryInput> {
  return {
    workflowType: PHOTOMETRY_WORKFLOW,
    options: {
      ...onceOnly(input, prefix, input.priority),
      workflowId,
      typedSearchAttributes: [{ key: jobTypeKey, value: 'photometry' }],
      staticSummary: `Photometry of ${input.productId} with ${input.config.catalog}`,
    },
  };
}

/** How to start a look at the data roots; each is one of its own, for it has to see what was there when it began. */
export const scanStart = (input: ScanInput, prefix: string): StartRequest<ScanInput> => ({
  workflowType: SCAN_WORKFLOW,
  options: {
    ...onceOnly(input, prefix, PRIORITY.live),
    workflowId: scanWorkflowId(input.requestId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: [{ key: jobTypeKey, value: 'scan' }],
    staticSummary: input.rootId === null ? 'Look for new files' : `Look for new files in ${input.rootId}`,
  },
});

const onceOnly = <Input>(input: Input, prefix: string, priorityKey: number) => ({
  taskQueue: taskQueue(prefix, 'orchestrate'),
  args: [input] as [Input],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' as const,
  priority: { priorityKey },
});
