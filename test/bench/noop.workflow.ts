/** Activities that do nothing, one after the other: what a step costs. */
import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '10s' });

export async function noopWorkflow(steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) await nothing();
}
