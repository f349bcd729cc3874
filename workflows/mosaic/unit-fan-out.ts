/** Many units of one phase, asked for side by side. */
import { isCancellation } from '@temporalio/workflow';
import type { UnitOutcome, UnitProduct } from '../../activities/interfaces.ts';
import type { MosaicPhaseId } from '../../domain/phases.ts';
import { mapBounded } from '../common/bounded.ts';
import { describeFailure } from '../common/failures.ts';
import type { JobRun } from '../common/job-run.ts';

/** Units asked for at a time: the slots of the queue `compute` bound the load, this bounds the waiting. */
const UNITS_IN_FLIGHT = 16;

export interface FanOut {
  readonly run: JobRun;
  readonly phase: MosaicPhaseId;
  readonly total: number;
  /** Units that were there before. */
  readonly done: number;
}

export class UnitFanOut {
  private readonly run: JobRun;
  private readonly phase: MosaicPhaseId;
  private readonly total: number;
  private done: number;

  constructor({ run, phase, total, done }: FanOut) {
    this.run = run;
    this.phase = phase;
    this.total = total;
    this.done = done;
  }

  async say(message: string): Promise<void> {
    await this.run.report(this.phase, { done: this.done, total: this.total, message });
  }

  /** One unit: not begun while the run is paused, counted when it has ended. */
  async one(groupId: string, ask: () => Promise<UnitProduct>): Promise<UnitProduct> {
    await this.run.control.gate();
    try {
      const product = await ask();
      await this.count(`${groupId} is there`);
      return product;
    } catch (error) {
      if (!isCancellation(error)) await this.count(`${groupId} failed: ${describeFailure(error).message}`);
      throw error;
    }
  }

  /** Every unit; a failure becomes an outcome. */
  async all<Item extends { readonly groupId: string }>(
    items: readonly Item[],
    ask: (item: Item) => Promise<UnitProduct>,
  ): Promise<UnitOutcome[]> {
    const outcomes = await mapBounded(items, UNITS_IN_FLIGHT, (item) => this.one(item.groupId, () => ask(item)));
    return outcomes.map((outcome, index) => {
      const groupId = (items[index] as Item).groupId;
      if (outcome.ok) return { groupId, ok: true, productId: outcome.value.productId, qa: outcome.value.qa };
      return { groupId, ok: false, ...describeFailure(outcome.error) };
    });
  }

  private async count(message: string): Promise<void> {
    this.done += 1;
    await this.say(`${this.done} of ${this.total}, ${message}`);
  }
}
