import { CancellationScope } from '@temporalio/workflow';
import type { Calls } from './calls.ts';

/**
 * Makes a workflow whose work was stopped from within end as cancelled on the server too: asks the server to cancel it
 * and waits for the request. (A workflow cannot send itself a cancellation.) Call it from the outermost scope.
 */
export async function cancelSelf(calls: Calls): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) return;
  await CancellationScope.nonCancellable(() =>
    calls.wait('Asking the server to cancel this workflow').cancelThisWorkflow(),
  );
  await scope.cancelRequested.catch(() => undefined);
}
