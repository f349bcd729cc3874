/** How each workflow is started: one place for queue, id, conflict policy, search attributes and words for the UI. */
import type { Priority, SearchAttributePair } from '@temporalio/common';
import { unixMsFromMjd } from '../../domain/time.ts';
import { jobWorkflowId, scanWorkflowId, transitMosaicWorkflowId, windowMosaicWorkflowId } from './ids.ts';
import { JOB_WORKFLOW, type JobInput } from './job.ts';
import { MOSAIC_WORKFLOW, type MosaicInput, type MosaicTarget } from './mosaic.ts';
import { PRIORITY, taskQueue } from './queues.ts';
import { SCAN_WORKFLOW, type ScanInput } from './scan.ts';
import { calibratorKey, jobTypeKey, obsTimeKey } from './search-attributes.ts';

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
