/** The flux scale of the epoch at hand: references against their baselines, and whether using it helps. */
import {
  MIN_REFERENCES,
  epochFactor,
  epochFactors,
  mayBeReference,
  normalisationHelps,
  usableReferences,
  type EpochFactor,
  type ReferenceMeasurement,
} from '../../domain/photometry/normalisation.ts';
import { totalOf } from '../../domain/photometry/night.ts';
import type { NewNormFactor, Repositories } from '../../registry/index.ts';
import type { ExpectedSource } from './field.ts';
import { isCalibrator, rawOf, type Found, type RunFacts } from './rows.ts';

/** The brightest candidates are enough; the time this takes does not grow with the catalogue. */
const MOST_REFERENCES = 200;
/** Epochs whose scatter decides whether normalising helps. */
const JUDGED_EPOCHS = 20;

export interface EpochScale {
  /** Of the factors of this epoch; raised when it is computed again. */
  readonly version: number;
  /** What to divide a source's flux by; null: not normalised. */
  readonly of: (sourceId: number) => Pick<EpochFactor, 'factor' | 'factorErr'> | null;
  readonly nReferences: number;
  readonly record: NewNormFactor | null;
}

/** One source in three is no reference: it tells whether normalising helps, and is a neighbour that was not normalised away. */
const HELD_OUT_OF = 3;

export const isHeldOut = (sourceId: number): boolean => sourceId % HELD_OUT_OF === 0;

const VERSION = 1;
/** Nothing is normalised. */
export const NOT_NORMALIZED: EpochScale = { version: VERSION, of: () => null, nReferences: 0, record: null };
/** Where normalising does not help, fluxes stay as they are, and that is the normalised value. */
const UNCHANGED = { factor: 1, factorErr: 0 };

/** What an epoch shows, before anything is divided. */
export interface Observed {
  readonly found: ReadonlyMap<number, Found>;
  readonly sources: readonly ExpectedSource[];
  readonly facts: RunFacts;
}

/** Reads baselines and the history of the strip; decides. Without enough references nothing is normalised. */
export async function epochScale(
  repositories: Pick<Repositories, 'photometry' | 'photometryRuns'>,
  observed: Observed,
): Promise<EpochScale> {
  const { facts } = observed;
  const usable = usableReferences(await referencesOf(repositories, observed));
  const references = usable.filter(({ sourceId }) => !isHeldOut(sourceId));
  const common = epochFactor(references, Number.NaN);
  if (common === null || facts.runId === null) return { ...NOT_NORMALIZED, nReferences: references.length };
  const { field, stripId } = facts;
  const scatter = scatterOf(
    references,
    usable.filter(({ sourceId }) => isHeldOut(sourceId)),
    common.factor,
  );
  const past = await repositories.photometryRuns.scatterBefore({
    stripId,
    series: field.series,
    midMjd: field.midMjd,
    limit: JUDGED_EPOCHS - 1,
  });
  const all = [...past, scatter];
  const helps = normalisationHelps({
    rawScatter: rootMeanSquare(all.map(({ rawScatter }) => rawScatter)),
    normalizedScatter: rootMeanSquare(all.map(({ normalizedScatter }) => normalizedScatter)),
    nSources: usable.length - references.length,
  });
  const applied = helps ?? true;
  const factors = epochFactors(references);
  return {
    version: VERSION,
    of: applied ? factors : () => UNCHANGED,
    nReferences: references.length,
    record: {
      runId: facts.runId,
      version: VERSION,
      series: field.series,
      stripId,
      epoch: field.epoch,
      midMjd: field.midMjd,
      factor: common.factor,
      factorErr: common.factorErr,
      referenceIds: [...common.referenceIds],
      rawScatter: scatter.rawScatter,
      normalizedScatter: scatter.normalizedScatter,
      applied,
      criterion: criterionText(helps, all.length),
    },
  };
}

async function referencesOf(
  { photometry }: Pick<Repositories, 'photometry'>,
  { found, sources, facts }: Observed,
): Promise<ReferenceMeasurement[]> {
  const { field, stripId } = facts;
  const candidates = sources
    .filter((source) => found.get(source.id)?.kind === 'row')
    .filter((source) =>
      mayBeReference({
        sourceId: source.id,
        crowding: source.crowding,
        compactness: null,
        isVariable: false,
        isCalibrator: isCalibrator(source, facts),
      }),
    )
    .sort((a, b) => b.fluxJy * b.beam - a.fluxJy * a.beam)
    .slice(0, MOST_REFERENCES);
  const baselines = await photometry.baselines({
    series: field.series === 'tile' ? 'night' : 'mosaic',
    stripId,
    sourceIds: candidates.map(({ id }) => id),
    aroundMjd: field.midMjd,
  });
  return candidates.flatMap((source) => {
    const entry = found.get(source.id);
    const baseline = baselines.get(source.id);
    const raw = entry === undefined ? null : rawOf(entry, facts);
    if (raw === null || baseline === undefined || isEdge(entry)) return [];
    return [{ sourceId: source.id, fluxJy: raw.fluxJy, fluxErrJy: totalOf(raw), ...baseline }];
  });
}

const isEdge = (entry: Found | undefined): boolean => entry?.kind !== 'row' || entry.row.status !== 'measured';

/** Scatter about the baseline as a fraction of the flux: of held-out sources, which no factor is made of. */
function scatterOf(
  references: readonly ReferenceMeasurement[],
  heldOut: readonly ReferenceMeasurement[],
  factor: number,
): { readonly rawScatter: number; readonly normalizedScatter: number } {
  const of = heldOut.length > 0 ? heldOut : references;
  return {
    rawScatter: rootMeanSquare(of.map(({ fluxJy, baselineJy }) => fluxJy / baselineJy - 1)),
    normalizedScatter: rootMeanSquare(of.map(({ fluxJy, baselineJy }) => fluxJy / factor / baselineJy - 1)),
  };
}

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(values.length, 1));

function criterionText(helps: boolean | null, epochs: number): string {
  if (helps === null) return `on: fewer than 5 left-out sources (at least ${MIN_REFERENCES} references)`;
  const of = `the scatter of left-out sources over ${epochs} epochs`;
  return helps ? `on: ${of} falls by a tenth or more` : `off: ${of} does not fall by a tenth`;
}
