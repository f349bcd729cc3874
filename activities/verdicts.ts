/** Verdicts of checks put together. */
import type { Check } from '../domain/generated/stages.ts';
import { worst, type QaState } from '../domain/states.ts';

export const verdictOf = (checks: readonly Check[]): QaState => worst(checks.map(({ verdict }) => verdict));

/** What failed or is doubtful, in words. */
export const complaints = (checks: readonly Check[]): string =>
  checks
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ message }) => message)
    .join('; ');
