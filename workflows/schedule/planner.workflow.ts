/** The planner: reads list and pointing, and brings the planned transits in step with them. */
import { setCurrentDetails } from '@temporalio/workflow';
import { Calls } from '../common/calls.ts';
import type { PlanInput, PlanResult } from '../contracts/schedule.ts';

export async function plannerWorkflow(input: PlanInput): Promise<PlanResult> {
  const calls = new Calls(input.policies);
  const result = await calls.registry('Comparing the new plan with the old one', 'plan').planTransits(input);
  const { started, moved, struck, unchanged, withoutData } = result;
  const none = withoutData === 0 ? '' : `, ${withoutData} without data`;
  setCurrentDetails(`started ${started}, moved ${moved}, struck off ${struck}, unchanged ${unchanged}${none}`);
  return result;
}
