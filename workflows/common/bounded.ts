import { CancelledFailure, CancellationScope, isCancellation } from '@temporalio/workflow';

/** What became of one item. */
export type Outcome<Result> =
  { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: unknown };

/**
 * Runs `work` for every item, at most `limit` at a time, and waits for all; one item's failure does not stop the
 * others.
 *
 * @throws CancelledFailure when the scope is cancelled; every item has ended by then.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Outcome<Result>[]> {
  const outcomes: Outcome<Result>[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      outcomes[index] = await settle(work(items[index] as Item, index));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  throwIfCancelled(outcomes);
  return outcomes;
}

async function settle<Result>(promise: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

function throwIfCancelled(outcomes: readonly Outcome<unknown>[]): void {
  const cancelled = outcomes.find((outcome) => !outcome.ok && isCancellation(outcome.error));
  if (cancelled !== undefined && !cancelled.ok) throw cancelled.error;
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
}
