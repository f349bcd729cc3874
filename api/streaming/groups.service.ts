import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { MeridianError } from '../../domain/errors.ts';
import type { JobState } from '../../domain/states.ts';
import { Registry } from '../../registry/index.ts';
import type { ControlRequest } from '../../workflows/contracts/control.ts';
import { groupWorkflowId } from '../../workflows/contracts/ids.ts';
import type { StreamGroup } from '../contracts/streaming.ts';
import { groupView } from './group-views.ts';

type GroupView = z.input<typeof StreamGroup>;

/** Work on single groups: what needs a person, and trying it again. */
@Injectable()
export class GroupsService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async list(query: {
    readonly status?: JobState | undefined;
    readonly limit: number;
  }): Promise<{ items: GroupView[] }> {
    const { status, limit } = query;
    const { items } = await this.registry.jobs.list({
      type: 'group',
      limit,
      ...(status === undefined ? {} : { status }),
    });
    return { items: items.map(groupView) };
  }

  /**
   * Puts a group that failed or was cancelled back into the list of those that wait; its stream takes it when a place is
   * free.
   */
  async retry(groupId: string, { requestedBy, reason }: ControlRequest): Promise<GroupView> {
    const group = await this.registry.groups.require(groupId);
    const workflowId = groupWorkflowId(group.id, group.version);
    const job = await this.registry.jobs.findByWorkflow(workflowId);
    if (job === undefined)
      throw new MeridianError('NOT_FOUND', `nobody has worked on ${groupId} yet`, { group_id: groupId });
    if (job.status !== 'failed' && job.status !== 'cancelled') {
      throw new MeridianError('CONFLICT', `the work on ${groupId} is ${job.status}; there is nothing to retry`, {
        group_id: groupId,
      });
    }
    if (group.state === 'rejected') {
      const message = `${groupId} is rejected: ${group.errorMessage ?? 'no reason'}; replace its files, and it is taken by itself`;
      throw new MeridianError('CONFLICT', message, { group_id: groupId });
    }
    const again = await this.registry.transaction(async ({ jobs, events, audit }) => {
      const { id, type, parameters, priority } = job;
      const asked = await jobs.request({ id, type, workflowId, parameters, requestedBy, priority });
      const message = `group ${groupId} asked for again by ${requestedBy}: ${reason}`;
      await events.append({ kind: 'job.requested', jobId: id, workflowId, groupId, message });
      await audit.record({ actor: requestedBy, action: 'group.retry', subjectKind: 'job', subjectId: id, reason });
      return asked.job;
    });
    return groupView(again);
  }
}
