import { setTimeout as sleep } from 'node:timers/promises';

/** Wait until a condition holds; fails with its description when it does not within the time. */
export async function eventually(
  description: string,
  condition: () => boolean | Promise<boolean>,
  seconds = 120,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`after ${seconds} s still not: ${description}`);
    await sleep(2);
  }
}
