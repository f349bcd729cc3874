/** Groups of the registry as the domain judges them. */
import { MeridianError } from '../../domain/errors.ts';
import type { ObservedGroup } from '../../domain/windows.ts';
import { observedGroup, type ObservationGroup, type Registry } from '../../registry/index.ts';
import type { GroupRef } from '../../workflows/contracts/mosaic.ts';

/** Present groups of some data roots whose middle lies in a range of time. */
export async function groupsBetween(
  registry: Registry,
  range: { readonly fromMjd: number; readonly toMjd: number; readonly rootIds: readonly string[] },
): Promise<ObservedGroup[]> {
  return (await registry.groups.list(range)).map(observedGroup);
}

/**
 * The versions of groups that a mosaic was asked for, in order of time.
 *
 * @throws MeridianError GROUP_NOT_FOUND; GROUP_INCOMPLETE when one was rejected since
 */
export async function requireGroups(registry: Registry, refs: readonly GroupRef[]): Promise<ObservationGroup[]> {
  const groups: ObservationGroup[] = [];
  for (const { groupId, version } of refs) {
    const group = await registry.groups.require(groupId, version);
    if (group.state === 'rejected') {
      const why = group.errorMessage ?? 'it was rejected';
      throw new MeridianError('GROUP_INCOMPLETE', `group ${groupId} can no longer be used: ${why}; ask again`, {
        group_id: groupId,
      });
    }
    groups.push(group);
  }
  return groups.sort((a, b) => a.startMjd - b.startMjd);
}
