/** Whether the groups of a planned transit are there. */
import { judgeReadiness, type AwaitedGroup } from '../../domain/schedule/readiness.ts';
import { isoFromMjd, mjdFromUnixMs } from '../../domain/time.ts';
import { transitOfNumber } from '../../domain/transits.ts';
import type { TransitKey } from '../../domain/schedule/plan.ts';
import { observedGroup, type PlannedTransit, type Registry } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { TransitLook } from '../interfaces.ts';
import { rulesOf } from './scheduled.ts';

/** Groups this far outside a window are looked at too: the calibrator may transit in one of them. */
const MARGIN_DAYS = 0.02;

type Parts = Pick<ActivityDependencies, 'registry' | 'catalog'>;

/** Looks once, and writes down what is waited for. */
export async function lookAtTransit({ registry, catalog }: Parts, key: TransitKey): Promise<TransitLook> {
  const row = await registry.plannedTransits.require(key);
  const transit = transitOfNumber(catalog.require(key.calibrator).position, key.transitNumber);
  const groups = await groupsAround(registry, row);
  const nowMjd = mjdFromUnixMs(Date.now());
  const readiness = judgeReadiness(transit, { groups, nowMjd, deadlineMjd: row.deadlineMjd }, rulesOf(row));
  const unwatched = await hasUnwatchedRoot(registry);
  if (readiness.kind === 'ask') {
    await registry.plannedTransits.waitFor(key, { reason: readiness.remark });
    return readiness;
  }
  if (readiness.kind === 'wait') {
    const { reason, untilMjd } = readiness;
    await registry.plannedTransits.waitFor(key, { reason });
    return { kind: 'wait', until: `${isoFromMjd(untilMjd)}Z`, reason, unwatched };
  }
  const { code, message } = readiness;
  await registry.plannedTransits.waitFor(key, { reason: message, reasonCode: code });
  return { kind: 'missed', code, message, unwatched };
}

/** Groups in and beside the window of a transit. */
export async function groupsAround(
  registry: Registry,
  { startMjd, endMjd }: Pick<PlannedTransit, 'startMjd' | 'endMjd'>,
): Promise<AwaitedGroup[]> {
  const rows = await registry.groups.list({ fromMjd: startMjd - MARGIN_DAYS, toMjd: endMjd + MARGIN_DAYS });
  return rows.map((row) => ({
    ...observedGroup(row),
    filesUntilMjd: row.deadlineAt === null ? null : mjdFromUnixMs(Date.parse(row.deadlineAt)),
  }));
}

const hasUnwatchedRoot = async (registry: Registry): Promise<boolean> =>
  (await registry.dataRoots.list()).some(({ watched }) => !watched);
