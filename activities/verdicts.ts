/** Verdicts of checks put together. */
import type { Check } from '../domain/generated/stages.ts';
import type { QaState } from '../domain/states.ts';

/** From best to worst; what was not evaluated says nothing either way. */
const SEVERITY: Readonly<Record<QaState, number>> = { not_evaluated: 0, pass: 1, warn: 2, fail: 3 };

/** The worst verdict of several. */
export const worst = (verdicts: readonly QaState[]): QaState =>
  verdicts.reduce<QaState>((bad, verdict) => (SEVERITY[verdict] > SEVERITY[bad] ? verdict : bad), 'not_evaluated');

export const verdictOf = (checks: readonly Check[]): QaState => worst(checks.map(({ verdict }) => verdict));

/** What failed or is doubtful, in words. */
export const complaints = (checks: readonly Check[]): string =>
  checks
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ message }) => message)
    .join('; ');
