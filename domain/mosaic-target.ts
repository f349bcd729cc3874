/** What a mosaic is made of, found before anything starts: the transit or window, and its groups. */
import type { Calibrator, CalibratorCatalog } from './calibrators.ts';
import { requireSuitable } from './calibrators.ts';
import { MeridianError } from './errors.ts';
import type { Reason } from './grouping.ts';
import { isoFromMjd, mjdFromIso } from './time.ts';
import { requireAboveHorizon, transitNearest, transitNumberAt, transitOfNumber } from './transits.ts';
import type { Transit } from './transits.ts';
import { DEFAULT_SELECTION_RULES, chooseTransit, judgeTransit, judgeWindow } from './windows.ts';
import type { ObservedGroup, SelectionRules, TransitRefusal, TransitSelection } from './windows.ts';

/** What the mosaic is centred on. Times are data; the key of a transit is its number. */
export type MosaicTarget =
  | {
      readonly kind: 'transit';
      readonly calibrator: string;
      readonly transitNumber: number;
      readonly transitUtc: string;
      readonly transitMjd: number;
      readonly startMjd: number;
      readonly endMjd: number;
      readonly timespanMinutes: number;
    }
  | {
      readonly kind: 'window';
      readonly startUtc: string;
      readonly endUtc: string;
      readonly startMjd: number;
      readonly endMjd: number;
    };

/** The part of a request that says where and when. */
export interface TargetRequest {
  readonly calibrator?: string | undefined;
  readonly near_utc?: string | undefined;
  readonly timespan_minutes: number;
  readonly start_utc?: string | undefined;
  readonly end_utc?: string | undefined;
  readonly min_tiles: number;
  readonly min_subbands: number;
  readonly force_calibrator: boolean;
}

/** What is known of the sky at this moment. */
export interface Observed {
  readonly catalog: CalibratorCatalog;
  readonly groups: readonly ObservedGroup[];
  readonly nowMjd: number;
}

export interface ResolvedTarget {
  readonly target: MosaicTarget;
  /** Ids in order of time. */
  readonly groupIds: readonly string[];
  readonly decDeg: number;
  readonly calibratorGroupId: string | null;
}

/** Transits looked at before giving up: more than a year. */
const MOST_TRANSITS = 400;

const rulesOf = (request: TargetRequest): SelectionRules => ({
  ...DEFAULT_SELECTION_RULES,
  windowMinutes: request.timespan_minutes,
  minimumTiles: request.min_tiles,
  minimumSubbands: request.min_subbands,
});

/**
 * Finds the transit or window of a request and the groups in it.
 *
 * @throws MeridianError CALIBRATOR_UNKNOWN, CALIBRATOR_UNSUITABLE, CALIBRATOR_BELOW_HORIZON, CALIBRATOR_NO_DATA,
 *   CALIBRATOR_OUTSIDE_BEAM, TRANSIT_NOT_COMPLETE, GROUP_INCOMPLETE, TOO_FEW_TILES or WINDOW_EMPTY with the reason.
 */
export function resolveTarget(request: TargetRequest, observed: Observed): ResolvedTarget {
  return request.calibrator === undefined
    ? resolveWindow(request, observed)
    : resolveTransit(observed.catalog.require(request.calibrator), request, observed);
}

function resolveWindow(request: TargetRequest, { groups }: Observed): ResolvedTarget {
  const [startUtc, endUtc] = [request.start_utc ?? '', request.end_utc ?? ''];
  const window = { startMjd: mjdFromIso(startUtc), endMjd: mjdFromIso(endUtc) };
  const selection = judgeWindow(window, groups, rulesOf(request));
  if ('code' in selection) throw refused(selection, { start_utc: startUtc, end_utc: endUtc });
  return {
    target: { kind: 'window', startUtc, endUtc, ...window },
    groupIds: selection.groups.map(({ id }) => id),
    decDeg: selection.groups[0]?.pointingDecDeg ?? Number.NaN,
    calibratorGroupId: null,
  };
}

function resolveTransit(calibrator: Calibrator, request: TargetRequest, observed: Observed): ResolvedTarget {
  requireSuitable(calibrator, request.force_calibrator);
  const selection =
    request.near_utc === undefined
      ? newestTransit(calibrator, request, observed)
      : namedTransit(calibrator, request, observed);
  const { transit, window, groups, calibratorGroup } = selection;
  return {
    target: {
      kind: 'transit',
      calibrator: calibrator.name,
      transitNumber: transit.number,
      transitUtc: isoFromMjd(transit.mjd),
      transitMjd: transit.mjd,
      startMjd: window.startMjd,
      endMjd: window.endMjd,
      timespanMinutes: request.timespan_minutes,
    },
    groupIds: groups.map(({ id }) => id),
    decDeg: calibratorGroup.pointingDecDeg,
    calibratorGroupId: calibratorGroup.id,
  };
}

function namedTransit(calibrator: Calibrator, request: TargetRequest, observed: Observed): TransitSelection {
  const transit = transitNearest(calibrator.position, mjdFromIso(request.near_utc ?? ''));
  requireAboveHorizon(calibrator.name, transit);
  const verdict = judgeTransit(transit, observed, rulesOf(request));
  if (verdict.kind === 'usable') return verdict.selection;
  throw refused(verdict.refusal, { calibrator: calibrator.name, transit_utc: isoFromMjd(transit.mjd) });
}

function newestTransit(calibrator: Calibrator, request: TargetRequest, observed: Observed): TransitSelection {
  requireAboveHorizon(calibrator.name, transitNearest(calibrator.position, observed.nowMjd));
  const transits = transitsNearGroups(calibrator, request.timespan_minutes, observed.groups);
  const { chosen, refusals } = chooseTransit(transits, observed, rulesOf(request));
  if (chosen !== null) return chosen;
  throw noTransit(calibrator, observed.groups.length, refusals);
}

/** Transits with any group in their window, newest first: only these can be chosen. */
function transitsNearGroups(
  calibrator: Calibrator,
  timespanMinutes: number,
  groups: readonly ObservedGroup[],
): Transit[] {
  const numbers = new Set(groups.map(({ midMjd }) => transitNumberAt(calibrator.position, midMjd)));
  const newest = [...numbers].sort((a, b) => b - a).slice(0, MOST_TRANSITS);
  const half = timespanMinutes / 2 / 1440;
  return newest
    .map((number) => transitOfNumber(calibrator.position, number))
    .filter((transit) => groups.some(({ midMjd }) => Math.abs(midMjd - transit.mjd) <= half));
}

/** The newest refusal that says more than "no data"; with the ones behind it. */
function noTransit(calibrator: Calibrator, nGroups: number, refusals: readonly TransitRefusal[]): MeridianError {
  const telling = refusals.find(({ code }) => code !== 'CALIBRATOR_NO_DATA') ?? refusals[0];
  const context = { calibrator: calibrator.name, groups: nGroups, refused: refusals.slice(0, 10).map(describeRefusal) };
  if (telling === undefined) {
    const what =
      nGroups === 0 ? 'there is no group at all' : `none of the ${nGroups} groups lies near one of its transits`;
    return new MeridianError('CALIBRATOR_NO_DATA', `no transit of ${calibrator.name} has data: ${what}`, context);
  }
  const message = `no transit of ${calibrator.name} can be used; ${describeRefusal(telling)}`;
  return new MeridianError(telling.code, message, context);
}

const describeRefusal = ({ transitMjd, message }: TransitRefusal): string =>
  `transit of ${isoFromMjd(transitMjd, 0)}: ${message}`;

const refused = ({ code, message }: Reason, context: Record<string, string>): MeridianError =>
  new MeridianError(code, message, context);
