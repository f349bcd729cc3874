/**
 * Activities without data, for tests of what follows what in workflows. Units are joined by the real `ensureUnit`.
 *
 * Only `test/workflow` and `test/replay` use them; everything else runs the real stages.
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure, type Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUnitActivities, type UnitLookup } from '../../activities/ensure-unit.ts';
import type {
  Activities,
  BegunTransit,
  TableChoice,
  TransitLook,
  UnitProduct,
  UnitRequest,
} from '../../activities/interfaces.ts';
import { hash8Of, msWorkflowId, tileWorkflowId } from '../../workflows/contracts/ids.ts';
import type { StreamLook } from '../../workflows/contracts/stream.ts';
import type { MosaicInput, MosaicPlan } from '../../workflows/contracts/mosaic.ts';

const FORM = {
  restoring_beam: { bmaj_arcsec: 40, bmin_arcsec: 33, bpa_deg: 10 },
  cell_arcsec: 8,
  imsize_px: 1800,
};

/** A look into a folder that holds nothing. */
export const EMPTY_LOOK: StreamLook = {
  at: '2026-01-25T00:00:00.000Z',
  started: [],
  inFlight: 0,
  waiting: 0,
  collecting: 0,
  rejected: 0,
  quarantined: 0,
  failed: 0,
  newestMjd: null,
  newestDoneMjd: null,
};

/** What a call does instead of succeeding at once. */
export interface Behaviour {
  /** Milliseconds before it ends; it beats meanwhile and stops when it is cancelled. */
  readonly takesMs?: number;
  /** Failure code of the first `failures` attempts; every attempt when `failures` is left out. */
  readonly failsWith?: string;
  readonly failures?: number;
  readonly retryable?: boolean;
}

export interface FakeStages {
  readonly activities: Activities;
  /** `name subject`, in the order in which they began. */
  readonly calls: string[];
  /** Stages that ended because they were cancelled. */
  readonly cancelled: string[];
  /** Jobs that were told of the conversion of each group. */
  readonly told: Map<string, readonly string[]>;
  /** `activity` or `activity group` to what it does. */
  readonly behave: Map<string, Behaviour>;
  /** What the next looks into the incoming folder find; then nothing. */
  readonly looks: StreamLook[];
  /** What the next choices of caltables are; then those of the calibrator. */
  readonly choices: TableChoice[];
  /** Transits in a group; none unless set. */
  readonly transits: Map<string, { calibrator: string; transitMjd: number }[]>;
  /** What the next looks at a planned transit find; then its groups are there. */
  readonly transitLooks: TransitLook[];
  /** What the registry says of a planned transit when its workflow begins. */
  readonly begun: { transit: BegunTransit };
}

/** Fakes that share one memory of products: give the same to several workers. */
export function fakeStages(client: Client, queuePrefix: string): FakeStages {
  const calls: string[] = [];
  const cancelled: string[] = [];
  const told = new Map<string, readonly string[]>();
  const behave = new Map<string, Behaviour>();
  const products = new Map<string, UnitProduct>();
  const failed = new Map<string, number>();
  const looks: StreamLook[] = [];
  const choices: TableChoice[] = [];
  const transits = new Map<string, { calibrator: string; transitMjd: number }[]>();
  const transitLooks: TransitLook[] = [];
  const begun: { transit: BegunTransit } = { transit: { state: 'planned', reason: null, mosaicId: null, asked: null } };

  const act = async <Result>(name: string, subject: string, result: Result): Promise<Result> => {
    const label = `${name} ${subject}`.trim();
    calls.push(label);
    const how = behave.get(label) ?? behave.get(name);
    if (how?.takesMs !== undefined) await beatFor(how.takesMs, () => cancelled.push(label));
    const failures = failed.get(label) ?? 0;
    if (how?.failsWith !== undefined && failures < (how.failures ?? Infinity)) {
      failed.set(label, failures + 1);
      const nonRetryable = how.retryable !== true;
      throw ApplicationFailure.create({ type: how.failsWith, message: `${label} failed on purpose`, nonRetryable });
    }
    return result;
  };

  const units: UnitLookup = {
    find: async (request) => products.get(unitId(request)) ?? null,
    workflowIdOf: async (request) => unitId(request),
  };

  const activities: Activities = {
    ...createUnitActivities({ client, queuePrefix, units }),
    beginJob: ({ jobId }) => act('beginJob', jobId, undefined),
    recordPhase: ({ changed, phases }) =>
      act('recordPhase', `${changed} ${phases.find(({ name }) => name === changed)?.state}`, undefined),
    recordControl: ({ action, requestedBy }) => act('recordControl', `${action} ${requestedBy}`, undefined),
    endJob: ({ state, failure }) => act('endJob', [state, failure?.code].filter(Boolean).join(' '), undefined),
    recordUnitEnd: ({ kind, groupId, state }) => act('recordUnitEnd', `${kind} ${groupId} ${state}`, undefined),
    convertGroup: ({ groupId, jobIds }) => {
      told.set(groupId, jobIds);
      return act('convertGroup', groupId, { rawMsId: `raw-${groupId}` });
    },
    flagMs: ({ groupId }) => act('flagMs', groupId, { rawMsId: `raw-${groupId}`, msId: `ms-${groupId}` }),
    commitMs: async ({ groupId, msId }) => {
      const result = await act('commitMs', groupId, { msId, groupId });
      products.set(thisWorkflow(), { groupId, productId: msId, qa: 'not_evaluated', form: null });
      return result;
    },
    applyCaltables: ({ groupId }) => act('applyCaltables', groupId, { calibratedMsId: `cal-${groupId}` }),
    imageTile: ({ groupId, recipe }) =>
      act('imageTile', groupId, {
        calibratedMsId: `cal-${groupId}`,
        tileId: `tile-${groupId}-${[recipe.restoring_beam?.bmaj_arcsec, recipe.cell_arcsec, recipe.imsize_px].join('/')}`,
      }),
    checkTile: ({ groupId }) => act('checkTile', groupId, undefined),
    registerTile: async ({ groupId, tileId }) => {
      const result = await act('registerTile', groupId, { tileId, groupId, qa: 'pass' as const, form: FORM });
      products.set(thisWorkflow(), { groupId, productId: tileId, qa: 'pass', form: FORM });
      return result;
    },
    verifyWindow: () => act('verifyWindow', '', undefined),
    planMosaic: (input) => act('planMosaic', '', planOf(input)),
    formGroup: ({ members }) => act('formGroup', `${members.length}`, undefined),
    solveCalibrator: ({ groupId }) => act('solveCalibrator', groupId, { caltableIds: ['k', 'b', 'g'] }),
    recordCalibration: ({ caltableIds }) => act('recordCalibration', caltableIds.join(','), undefined),
    chooseCalibration: ({ groups, caltableIds, recipe, calibrator }) =>
      act(
        'chooseCalibration',
        '',
        groups.map(({ groupId, version, msId }) => ({
          groupId,
          groupVersion: version,
          msId,
          caltableIds,
          recipe,
          calibrator,
        })),
      ),
    admitUnits: ({ kind, outcomes }) =>
      act('admitUnits', `${kind} ${outcomes.filter(({ ok }) => ok).length}`, {
        productIds: outcomes.flatMap((outcome) => (outcome.ok ? [outcome.productId] : [])),
        excluded: outcomes.flatMap((outcome) =>
          outcome.ok ? [] : [{ groupId: outcome.groupId, code: outcome.code, reason: outcome.message }],
        ),
      }),
    buildMosaic: ({ tileIds }) => act('buildMosaic', `${tileIds.length}`, { mosaicId: 'mosaic-1' }),
    judgeMosaic: () => act('judgeMosaic', '', { qa: 'pass' as const }),
    publishProduct: ({ productId }) => act('publishProduct', productId, undefined),
    confirmPublished: ({ productId }) => act('confirmPublished', productId, undefined),
    detectEvents: () =>
      act('detectEvents', '', { nSearched: 0, nInsufficient: 0, nCandidates: 0, nNew: 0, expectedFalseAlarms: 0 }),
    takeGroups: ({ maxInFlight }) => act('takeGroups', `${maxInFlight}`, looks.shift() ?? EMPTY_LOOK),
    planGroup: ({ groupId }) => act('planGroup', groupId, { transits: transits.get(groupId) ?? [] }),
    chooseTables: ({ groupId, version, msId, recipe }) => {
      const setup = { groupId, groupVersion: version, msId, caltableIds: ['k', 'b', 'g'], recipe, calibrator: null };
      return act('chooseTables', groupId, choices.shift() ?? { kind: 'tile' as const, setup });
    },
    recordAbsence: ({ groupId, status }) => act('recordAbsence', `${groupId} ${status}`, { nSources: 0 }),
    requestPhotometry: ({ productId }) =>
      act('requestPhotometry', productId, { runId: 'run', jobId: 'job', workflowId: `photometry/${productId}/0` }),
    measurePhotometry: ({ runId }) => act('measurePhotometry', runId, { photometryProductId: 'rows' }),
    recordPhotometry: ({ runId }) => act('recordPhotometry', runId, { nSources: 2, nMeasured: 2, normalized: false }),
    scanDataRoots: () => act('scanDataRoots', '', { files: 0, newFiles: 0, brokenFiles: 0, groupsChanged: 0 }),
    planTransits: ({ scope }) =>
      act('planTransits', scope.kind, {
        ...{ started: 0, moved: 0, struck: 0, withoutData: 0, unchanged: 0 },
        pointingDecDeg: null,
      }),
    beginTransit: ({ transitNumber }) => act('beginTransit', `${transitNumber}`, begun.transit),
    lookAtTransit: ({ transitNumber }) =>
      act(
        'lookAtTransit',
        `${transitNumber}`,
        transitLooks.shift() ?? { kind: 'ask' as const, remark: 'all are there' },
      ),
    askForTransitMosaic: ({ key }) =>
      act('askForTransitMosaic', `${key.transitNumber}`, {
        ...{ kind: 'asked' as const, mosaicGroupId: 'group-1' },
        workflowId: `mosaic/${key.calibrator}/${key.transitNumber}/0`,
      }),
    awaitMosaic: ({ mosaicGroupId }) => act('awaitMosaic', mosaicGroupId, { mosaicId: 'mosaic-1', failure: null }),
    recordTransitChange: ({ kind, requestedBy }) => act('recordTransitChange', `${kind} ${requestedBy}`, undefined),
    endTransit: ({ state, code }) => act('endTransit', [state, code].filter(Boolean).join(' '), undefined),
    runJobStage: ({ stage, unit }) => act('runJobStage', `${stage} ${unit}`, { products: {}, reused: false }),
  };
  return { activities, calls, cancelled, told, behave, looks, choices, transits, transitLooks, begun };
}

/** The workflow that this activity belongs to. */
const thisWorkflow = (): string => Context.current().info.workflowExecution?.workflowId ?? '';

function unitId({ kind, input }: UnitRequest): string {
  if (kind === 'ms') return msWorkflowId(input.groupId, input.groupVersion);
  const { msId, caltableIds, recipe } = input;
  return tileWorkflowId(
    input.groupId,
    input.groupVersion,
    hash8Of({ msId, caltableIds, recipe: { ...recipe } as never }),
  );
}

async function beatFor(milliseconds: number, onCancel: () => void): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 100);
  try {
    await sleep(milliseconds, undefined, { signal: context.cancellationSignal });
  } catch {
    onCancel();
    throw context.cancellationSignal.reason;
  } finally {
    clearInterval(beat);
  }
}

/** All groups of the input, the middle one with the calibrator. */
function planOf({ groups, target }: MosaicInput): MosaicPlan {
  return {
    groups: groups.map(({ groupId, version }, index) => ({
      groupId,
      version,
      midMjd: target.startMjd + index * 0.0036,
      msId: null,
      isTile: true,
    })),
    decDeg: 30.4,
    calibrator: target.kind === 'transit' ? target.calibrator : '3C286',
    calibratorGroupId: groups[Math.floor(groups.length / 2)]?.groupId ?? '',
    transitMjd: (target.startMjd + target.endMjd) / 2,
    caltableIds: [],
    excluded: [],
  };
}
