/** Phase 1: is the window that the service found still one to make a mosaic of? */
import { MeridianError } from '../../domain/errors.ts';
import { isoFromMjd, mjdFromUnixMs } from '../../domain/time.ts';
import { requireAboveHorizon, transitOfNumber } from '../../domain/transits.ts';
import { DEFAULT_SELECTION_RULES, judgeTransit, judgeWindow, type SelectionRules } from '../../domain/windows.ts';
import type { MosaicInput, MosaicTarget } from '../../workflows/contracts/mosaic.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { groupsBetween, requireGroups } from './observed.ts';

/** Groups this far outside a window are looked at too: a calibrator may transit in one of them. */
const MARGIN_DAYS = 0.02;

/** @throws MeridianError with the reason why the window cannot be used (any more) */
export async function verifyWindow(dependencies: ActivityDependencies, input: MosaicInput): Promise<void> {
  const { registry } = dependencies;
  const { target, groups, recipe } = input;
  const asked = await requireGroups(registry, groups);
  const sky = {
    groups: await groupsBetween(registry, {
      fromMjd: target.startMjd - MARGIN_DAYS,
      toMjd: target.endMjd + MARGIN_DAYS,
      rootIds: [...new Set(asked.map(({ rootId }) => rootId))],
    }),
    nowMjd: mjdFromUnixMs(Date.now()),
  };
  const rules: SelectionRules = {
    ...DEFAULT_SELECTION_RULES,
    minimumTiles: recipe.minTiles,
    minimumSubbands: recipe.minSubbands,
  };
  if (target.kind === 'transit') return verifyTransit(dependencies, target, { sky, rules });
  const verdict = judgeWindow(target, sky.groups, rules);
  if ('code' in verdict) throw new MeridianError(verdict.code, verdict.message);
}

type Sky = Parameters<typeof judgeTransit>[1];

function verifyTransit(
  { catalog }: ActivityDependencies,
  target: MosaicTarget & { kind: 'transit' },
  { sky, rules }: { readonly sky: Sky; readonly rules: SelectionRules },
): void {
  const calibrator = catalog.require(target.calibrator);
  const transit = transitOfNumber(calibrator.position, target.transitNumber);
  requireAboveHorizon(calibrator.name, transit);
  const verdict = judgeTransit(transit, sky, { ...rules, windowMinutes: target.timespanMinutes });
  if (verdict.kind === 'usable') return;
  const { code, message } = verdict.refusal;
  throw new MeridianError(code, message, { calibrator: calibrator.name, transit_utc: isoFromMjd(transit.mjd) });
}
