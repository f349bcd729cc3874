/** What each stage leaves, when it is asked for by itself. */
import type { SolveSpec, StageName, StageResult } from '../../domain/generated/stages.ts';
import {
  CALTABLE_ORDER,
  caltableRow,
  imageRow,
  measurementSetRow,
  mosaicRow,
  uuid7,
  type JsonObject,
  type MsStage,
} from '../../registry/index.ts';
import type { ProductPlan } from '../stage-runner/stage-runner.ts';
import { verdictOf } from '../verdicts.ts';

/** What a job knows of its work beside the stage's own result. */
export interface JobFacts {
  readonly spec: Readonly<Record<string, unknown>>;
  /** Products that the spec names. */
  readonly parents: readonly string[];
  readonly msId: string | null;
  readonly caltableIds: readonly string[];
  /** Whether every tile of a mosaic is one of the registry. */
  readonly tilesAreRegistered: boolean;
}

type Plans = { readonly [S in StageName]: (facts: JobFacts) => readonly ProductPlan<S>[] };

const measurementSet =
  <S extends 'convert' | 'flag' | 'apply'>(stage: MsStage, kind: 'ms' | 'calib_ms') =>
  ({ parents, caltableIds }: JobFacts): readonly ProductPlan<S>[] => [
    {
      kind,
      roles: ['ms'],
      parents,
      row: (result) => {
        const { ms } = (result as StageResult<'convert'>).summary;
        // Without a version it belongs to no unit: only those who know its id use it.
        return measurementSetRow(ms, { stage, groupId: ms.group_id, groupVersion: null, caltableIds });
      },
    },
  ];

/** Plans by stage. */
export const JOB_PRODUCTS: Plans = {
  inspect: () => [],
  simulate: ({ parents }) => [{ kind: 'simulation', roles: ['incoming'], optionalRoles: ['truth', 'gains'], parents }],
  convert: (facts) => (facts.spec['validate_only'] === true ? [] : measurementSet<'convert'>('converted', 'ms')(facts)),
  flag: measurementSet('flagged', 'ms'),
  apply: measurementSet('calibrated', 'calib_ms'),

  solve: (facts) => {
    const spec = facts.spec as unknown as SolveSpec;
    const { ms: _path, ...parameters } = spec;
    const shared = {
      setId: uuid7(),
      groupId: null,
      groupVersion: null,
      msId: facts.msId,
      fluxScale: spec.calibrator.flux_scale ?? null,
      parameters: parameters as unknown as JsonObject,
    };
    const wanted = CALTABLE_ORDER.filter((type) => (spec.types ?? CALTABLE_ORDER).includes(type));
    return wanted.map((type) => ({
      kind: 'caltable',
      roles: [`caltable_${type}`],
      parents: facts.parents,
      qa: ({ summary }) => summary.verdict,
      row: ({ summary }) => {
        const table = summary.tables.find((candidate) => candidate.type === type);
        if (table === undefined) throw new Error(`the solve left no table of type ${type}`);
        return caltableRow(summary, table, shared);
      },
    }));
  },

  image: ({ spec, parents, msId, caltableIds }) => [
    {
      kind: 'image',
      roles: spec['export_fits'] === false ? ['picture'] : ['image'],
      optionalRoles: ['image_pb', 'pb', 'residual', 'psf', 'picture'],
      parents,
      qa: ({ summary }) => verdictOf(summary.checks),
      row: ({ summary }) =>
        imageRow(summary, {
          name: String(spec['name'] ?? 'image'),
          groupId: null,
          groupVersion: null,
          msId,
          caltableIds,
          calibrator: null,
          qualityTier: String(spec['quality_tier'] ?? 'standard'),
        }),
    },
  ],

  mosaic: ({ spec, parents, tilesAreRegistered }) =>
    spec['validate_only'] === true
      ? []
      : [
          {
            kind: 'mosaic',
            roles: ['mosaic', 'weight', 'coverage'],
            optionalRoles: ['mjd', 'pb', 'picture'],
            parents,
            qa: ({ summary }) => verdictOf(summary.checks),
            ...(tilesAreRegistered
              ? {
                  row: ({ summary }: StageResult<'mosaic'>) =>
                    mosaicRow(summary, {
                      name: String(spec['name'] ?? 'mosaic'),
                      mosaicGroupId: null,
                      calibrator: null,
                    }),
                }
              : {}),
          },
        ],

  photometry: ({ parents }) => [{ kind: 'photometry', roles: ['rows'], parents }],
  qa: ({ parents }) => [
    { kind: 'qa', roles: ['matches'], optionalRoles: ['picture'], parents, qa: ({ summary }) => summary.verdict },
  ],
  catalog: ({ parents }) => [{ kind: 'catalog', roles: ['table'], parents }],
};
