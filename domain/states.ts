/** Every list of states and the moves between them; the registry's CHECK constraints hold the same words. */
import { MeridianError } from './errors.ts';

/** For each state the states that may follow it. A state that nothing follows is an end. */
export type StateTable<State extends string> = Readonly<Record<State, readonly State[]>>;

/** A job, a batch, an item of a batch: `pending` again when it is asked for once more. */
export const JOB_STATES = {
  pending: ['running', 'failed', 'cancelled'],
  running: ['done', 'failed', 'cancelled'],
  done: ['pending'],
  failed: ['pending'],
  cancelled: ['pending'],
} as const satisfies StateTable<string>;

/** Photometry of a product; null before it is asked for. */
export const PHOTOMETRY_STATES = {
  pending: ['running', 'completed', 'failed'],
  running: ['completed', 'failed'],
  completed: ['pending'],
  failed: ['pending'],
} as const satisfies StateTable<string>;

/** A mosaic group on its way to a mosaic. */
export const MOSAIC_GROUP_STATES = {
  pending: ['formed', 'failed', 'cancelled'],
  formed: ['calibrated', 'failed', 'cancelled'],
  calibrated: ['imaged', 'failed', 'cancelled'],
  imaged: ['mosaicked', 'failed', 'cancelled'],
  mosaicked: ['done', 'failed', 'cancelled'],
  done: [],
  failed: ['pending'],
  cancelled: ['pending'],
} as const satisfies StateTable<string>;

/** A product; `staging` again when publishing failed. */
export const PRODUCT_STATES = {
  staging: ['publishing', 'withdrawn'],
  publishing: ['published', 'staging'],
  published: ['withdrawn'],
  withdrawn: [],
} as const satisfies StateTable<string>;

/** The QA verdict of a product; it may be judged again by newer rules. */
export const QA_STATES = {
  not_evaluated: ['pass', 'warn', 'fail'],
  pass: ['warn', 'fail'],
  warn: ['pass', 'fail'],
  fail: ['pass', 'warn'],
} as const satisfies StateTable<string>;

/** A version of an observation group. What was decided stays; a late subband makes a new version. */
export const GROUP_STATES = {
  collecting: ['complete', 'incomplete', 'rejected'],
  complete: ['rejected'],
  incomplete: ['rejected'],
  rejected: [],
} as const satisfies StateTable<string>;

/** A subband file: `seen` until it is closed, stable and opens. */
export const SUBBAND_FILE_STATES = {
  seen: ['accepted', 'quarantined'],
  accepted: ['quarantined'],
  quarantined: ['seen'],
} as const satisfies StateTable<string>;

/** What became of an expected measurement: a value, or the kind of reason why there is none. */
export const MEASUREMENT_STATUSES = [
  'measured',
  'edge',
  'masked',
  'blended',
  'qa_rejected',
  'uncalibrated',
  'not_selected',
  'not_covered',
  'no_data',
  'failed',
  'pending',
] as const;

/** Kinds of light curves, kept apart: of single tiles, of mosaics, of nights (what statistics are made of). */
export const SERIES = ['tile', 'mosaic', 'night'] as const;

/** The decision of a group that is not rejected: all subbands, or enough for a quick look. */
export const GROUP_TIERS = ['science', 'quick_look'] as const;

export type MeasurementStatus = (typeof MEASUREMENT_STATUSES)[number];
export type Series = (typeof SERIES)[number];
export type PhotometryState = keyof typeof PHOTOMETRY_STATES;
export type JobState = keyof typeof JOB_STATES;
export type MosaicGroupState = keyof typeof MOSAIC_GROUP_STATES;
export type ProductState = keyof typeof PRODUCT_STATES;
export type QaState = keyof typeof QA_STATES;
export type GroupState = keyof typeof GROUP_STATES;
export type SubbandFileState = keyof typeof SUBBAND_FILE_STATES;
export type GroupTier = (typeof GROUP_TIERS)[number];

/** The states of a table, in its order. */
export const statesOf = <State extends string>(table: StateTable<State>): readonly State[] =>
  Object.keys(table) as State[];

export const isStateOf = <State extends string>(table: StateTable<State>, word: string): word is State =>
  Object.hasOwn(table, word);

/** Whether a state may follow another. Staying is no move. */
export const mayMove = <State extends string>(table: StateTable<State>, from: State, to: State): boolean =>
  table[from].includes(to);

/** Whether nothing follows a state by itself: it is an end, or only a new request (`pending`) leads on. */
export const isSettled = <State extends string>(table: StateTable<State>, state: State): boolean =>
  table[state].every((next) => (next as string) === 'pending');

/**
 * Refuse a move that the table does not have.
 *
 * @throws MeridianError CONFLICT naming the thing, its state and what may follow.
 */
export function requireMove<State extends string>(
  table: StateTable<State>,
  what: string,
  move: { readonly from: State; readonly to: State },
): void {
  if (mayMove(table, move.from, move.to)) return;
  const allowed = table[move.from].join(', ') || 'nothing';
  throw new MeridianError(
    'CONFLICT',
    `${what} is ${move.from} and cannot become ${move.to}; what may follow: ${allowed}`,
    {
      from: move.from,
      to: move.to,
    },
  );
}

/** From best to worst; what was not evaluated says nothing either way. */
const SEVERITY: Readonly<Record<QaState, number>> = { not_evaluated: 0, pass: 1, warn: 2, fail: 3 };

/** The worst verdict of several. */
export const worst = (verdicts: readonly QaState[]): QaState =>
  verdicts.reduce<QaState>((bad, verdict) => (SEVERITY[verdict] > SEVERITY[bad] ? verdict : bad), 'not_evaluated');
