/** Delay, bandpass and gain on the measurement set in which a calibrator transits. */
import { calibratorModel, requireSuitable } from '../domain/calibrators.ts';
import { MeridianError } from '../domain/errors.ts';
import type { SolveSpec, SolveSummary } from '../domain/generated/stages.ts';
import { CALTABLE_ORDER, caltableRow, uuid7, type CaltableFacts, type JsonObject } from '../registry/index.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { MosaicActivities, SolveRequest } from './interfaces.ts';
import { outputOf, runStage } from './run-stage.ts';
import type { ProductPlan } from './stage-runner/stage-runner.ts';
import { complaints } from './verdicts.ts';

export function createSolveActivities(dependencies: ActivityDependencies): Pick<MosaicActivities, 'solveCalibrator'> {
  return {
    async solveCalibrator(request) {
      const { catalog, registry } = dependencies;
      const calibrator = catalog.require(request.calibrator);
      requireSuitable(calibrator, request.force);
      const ms = await registry.measurementSets.find(request.msId);
      const product = await registry.products.require(request.msId);
      const spec: SolveSpec = {
        stage: 'solve',
        ms: product.path,
        calibrator: calibratorModel(calibrator),
        transit_mjd: request.transitMjd,
        force: request.force,
      };
      const { ms: _path, ...parameters } = spec;
      const facts: CaltableFacts = {
        setId: uuid7(),
        groupId: request.groupId,
        groupVersion: ms?.groupVersion ?? null,
        msId: request.msId,
        fluxScale: spec.calibrator.flux_scale ?? null,
        parameters: parameters as unknown as JsonObject,
      };
      const { products, result } = await runStage(dependencies, {
        stage: 'solve',
        unit: request.groupId,
        spec,
        inputHashes: [product.sha256],
        inputBytes: product.sizeBytes,
        jobIds: [request.jobId],
        groupId: request.groupId,
        products: CALTABLE_ORDER.map((type) => tablePlan(type, request, facts)),
      });
      requireGood(result.summary);
      return { caltableIds: CALTABLE_ORDER.map((type) => outputOf(products, roleOf(type)).id) };
    },
  };
}

type TableType = (typeof CALTABLE_ORDER)[number];

const roleOf = (type: TableType): string => `caltable_${type}`;

function tablePlan(type: TableType, request: SolveRequest, facts: CaltableFacts): ProductPlan<'solve'> {
  return {
    kind: 'caltable',
    roles: [roleOf(type)],
    parents: [request.msId],
    groupId: request.groupId,
    date: request.groupId.slice(0, 10),
    qa: ({ summary }) => summary.verdict,
    row: ({ summary }) => caltableRow(summary, tableOf(summary, type), facts),
  };
}

function tableOf(summary: SolveSummary, type: TableType) {
  const table = summary.tables.find((candidate) => candidate.type === type);
  if (table !== undefined) return table;
  throw new MeridianError('OUTPUT_CORRUPT', `the solve left no table of type ${type}`, { type });
}

/** @throws MeridianError CALIBRATION_BAD; the tables stay in the registry, rejected, so that they can be looked at. */
function requireGood({ calibrator, verdict, checks }: SolveSummary): void {
  if (verdict !== 'fail') return;
  throw new MeridianError('CALIBRATION_BAD', `the solution on ${calibrator} failed QA: ${complaints(checks)}`, {
    calibrator,
  });
}
