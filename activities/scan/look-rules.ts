/** How a folder is looked at: by whoever asks once, and by a stream that waits for what is still to come. */
import { DEFAULT_DECISION_RULES, type DecisionRules } from '../../domain/grouping.ts';
import type { ReopenRules } from '../../registry/index.ts';
import type { ListingRules } from '../incoming/list-folder.ts';

export interface LookRules {
  readonly decision: DecisionRules;
  /** A file counts once its size and time have not changed for so long; 0: at once. */
  readonly stableSeconds: number;
  /** Headers are read when all files of a group seem to be there; others that are stable after this time. */
  readonly readAfterSeconds: number;
  readonly strangers: ListingRules['strangers'];
  readonly reopen: ReopenRules;
}

/**
 * A look that somebody asked for decides at once, for nothing says that more will come; and a group with two files of
 * one subband is refused, for nobody can tell which one is right.
 */
export const ASKED_LOOK: LookRules = {
  decision: { ...DEFAULT_DECISION_RULES, once: true, doubled: 'reject' },
  stableSeconds: 0,
  readAfterSeconds: 0,
  strangers: 'passed_over',
  reopen: { lost: 'any', doubled: false },
};

/** A look of a stream: it waits for late files, and a second file of a subband holds up nothing. */
export const WATCHING_LOOK: LookRules = {
  decision: { ...DEFAULT_DECISION_RULES, doubled: 'set_aside' },
  stableSeconds: 10,
  readAfterSeconds: 30,
  strangers: 'listed',
  reopen: { lost: 'rejected', doubled: true },
};

/** A look of a stream that takes what is there and then stops. */
export const ONE_PASS_LOOK: LookRules = {
  ...WATCHING_LOOK,
  decision: { ...WATCHING_LOOK.decision, once: true },
  stableSeconds: 0,
  readAfterSeconds: 0,
};
