/** Activities by queue, with the policy of the stage and the words that the Temporal UI shows. */
import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';
import type { Activities } from '../../activities/interfaces.ts';
import type { StageName } from '../../domain/generated/stages.ts';
import type { PolicySnapshot } from '../contracts/policies.ts';
import type { QueueName } from '../contracts/queues.ts';
import { activityOptions } from './activity-options.ts';

type Callable = ActivityInterfaceFor<Activities>;

/** How one workflow calls activities: `calls.compute('convert', 'Converting …').convertGroup(…)`. */
export class Calls {
  private readonly policies: PolicySnapshot;

  constructor(policies: PolicySnapshot) {
    this.policies = policies;
  }

  /** Short registry work and decisions. */
  registry(summary: string, policy: 'registry' | 'plan' | 'detect' = 'registry'): Callable {
    return this.on('registry', policy, summary);
  }

  /** Waiting for a unit. */
  wait(summary: string): Callable {
    return this.on('wait', 'ensure_unit', summary);
  }

  /** One compute stage. */
  compute(stage: StageName, summary: string): Callable {
    return this.on('compute', stage, summary);
  }

  /** Copying and verifying products. */
  publish(policy: 'publish' | 'confirm', summary: string): Callable {
    return this.on('publish', policy, summary);
  }

  private on(queue: QueueName, policy: string, summary: string): Callable {
    return proxyActivities<Activities>({ ...activityOptions(this.policies, policy, queue), summary });
  }
}
