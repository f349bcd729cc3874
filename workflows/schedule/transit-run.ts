/** State of a transit as people see it, and as the planner moves it. */
import {
  allHandlersFinished,
  condition,
  currentUpdateInfo,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BegunTransit, MosaicRef } from '../../activities/interfaces.ts';
import { isOpen, type TransitState } from '../../domain/schedule/transit-states.ts';
import type { Calls } from '../common/calls.ts';
import { refuse } from '../common/failures.ts';
import type { ControlRequest } from '../contracts/control.ts';
import {
  moveUpdate,
  strikeUpdate,
  transitQuery,
  type TransitInput,
  type TransitMove,
  type TransitResult,
  type TransitStatus,
  type TransitTimes,
} from '../contracts/schedule.ts';
import { phaseKey } from '../contracts/search-attributes.ts';

/** Handlers are installed by the constructor, before anything is awaited. */
export class TransitRun {
  readonly input: TransitInput;
  state: TransitState = 'planned';
  struckBy: ControlRequest | null = null;
  /** Grows with every update: whoever waits looks again. */
  changes = 0;
  private readonly calls: Calls;
  private times: TransitTimes;
  private waitsFor: string;
  private mosaicId: string | null = null;
  private mosaicGroupId: string | null = null;
  private reason: string | null = null;

  constructor(input: TransitInput, calls: Calls) {
    this.input = input;
    this.calls = calls;
    this.times = input.times;
    this.waitsFor = this.windowWords();
    setHandler(transitQuery, () => this.status());
    setHandler(moveUpdate, (move) => this.move(move), { validator: (move) => this.requireMovable(move) });
    setHandler(strikeUpdate, (request) => this.strike(request), { validator: (_request) => this.requireOpen() });
    this.show();
  }

  get closesMs(): number {
    return Date.parse(this.times.closesAt);
  }

  /** What the registry says of the transit when the run begins. */
  found({ state, reason, mosaicId }: BegunTransit): void {
    if (this.struckBy !== null) return;
    this.state = state;
    this.mosaicId = mosaicId;
    this.reason = isOpen(state) ? null : reason;
    this.show();
  }

  waits(reason: string): void {
    this.state = 'waiting';
    this.waitsFor = reason;
    this.show();
  }

  /** From here on it can be neither moved nor struck off. */
  asking(remark: string): void {
    this.state = 'asked';
    this.waitsFor = `its mosaic: ${remark}`;
    this.show();
  }

  awaiting({ mosaicGroupId, workflowId }: MosaicRef): void {
    this.state = 'asked';
    this.mosaicGroupId = mosaicGroupId;
    this.waitsFor = `its mosaic, ${workflowId}`;
    this.show();
  }

  settled({ state, reason, mosaicId }: Pick<TransitResult, 'state' | 'reason' | 'mosaicId'>): void {
    this.state = state;
    this.reason = reason;
    this.mosaicId = mosaicId;
    this.show();
  }

  async end(): Promise<TransitResult> {
    await condition(allHandlersFinished);
    const { state, mosaicId, mosaicGroupId, reason } = this;
    return { state, mosaicId, mosaicGroupId, reason };
  }

  private async move({ times, plan, requestedBy, reason }: TransitMove): Promise<TransitStatus> {
    this.times = times;
    this.state = 'planned';
    this.waitsFor = this.windowWords();
    this.changes += 1;
    this.show();
    await this.record({ kind: 'move', plan, requestedBy, reason });
    return this.status();
  }

  private async strike(request: ControlRequest): Promise<TransitStatus> {
    this.struckBy = request;
    this.state = 'struck';
    this.reason = request.reason;
    this.changes += 1;
    this.show();
    await this.record({ kind: 'strike', plan: null, ...request });
    return this.status();
  }

  private record(change: {
    readonly kind: 'move' | 'strike';
    readonly plan: TransitMove['plan'] | null;
    readonly requestedBy: string;
    readonly reason: string;
  }): Promise<void> {
    const requestId = currentUpdateInfo()?.id ?? '';
    return this.calls
      .registry(`Recording: ${change.kind} by ${change.requestedBy}`)
      .recordTransitChange({ key: this.input.key, ...change, requestId });
  }

  private requireOpen(): void {
    if (!isOpen(this.state)) throw refuse(`the transit is ${this.state}; it can no longer be changed`);
  }

  private requireMovable({ times, plan }: TransitMove): void {
    this.requireOpen();
    const { calibrator, transitNumber } = this.input.key;
    if (plan.calibrator !== calibrator || plan.transitNumber !== transitNumber) {
      throw refuse(
        `this is transit ${transitNumber} of ${calibrator}, not ${plan.transitNumber} of ${plan.calibrator}`,
      );
    }
    if ([times.transitAt, times.closesAt, times.deadlineAt].some((time) => Number.isNaN(Date.parse(time)))) {
      throw refuse('a time of the move is no ISO 8601 time');
    }
  }

  private windowWords(): string {
    return `its window to close at ${this.times.closesAt}; late data are waited for until ${this.times.deadlineAt}`;
  }

  private status(): TransitStatus {
    const { state, mosaicId, mosaicGroupId, reason, times, waitsFor } = this;
    return { state, mosaicId, mosaicGroupId, reason, times, waitsFor };
  }

  private show(): void {
    const { state, reason, waitsFor, times, mosaicId } = this;
    const ended = !isOpen(state) && state !== 'asked';
    const what = ended ? (reason ?? (mosaicId === null ? '' : `mosaic ${mosaicId}`)) : `waits for ${waitsFor}`;
    setCurrentDetails(`**${this.input.key.calibrator}, transit ${times.transitAt}**\n- ${state}: ${what}`);
    upsertSearchAttributes([{ key: phaseKey, value: state }]);
  }
}
