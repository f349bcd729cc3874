/** Subband files of one group into one measurement set. */
import { MeridianError } from '../domain/errors.ts';
import { measurementSetRow, type ObservationGroup, type SubbandFile } from '../registry/index.ts';
import type { MsInput } from '../workflows/contracts/ms.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { ForJobs, MsActivities } from './interfaces.ts';
import { contentHashes } from './raw-hashes.ts';
import { outputOf, runStage } from './run-stage.ts';
import type { ProducedOutput } from './stage-runner/stage-runner.ts';
import { msRecipeHash } from './unit-lookup.ts';

export function createConvertActivities(dependencies: ActivityDependencies): Pick<MsActivities, 'convertGroup'> {
  return {
    async convertGroup(input) {
      return { rawMsId: (await convert(dependencies, input)).id };
    },
  };
}

/** The unflagged measurement set of a group: made, or the one that is there. */
export async function convert(
  dependencies: ActivityDependencies,
  { groupId, groupVersion, recipe, minSubbands, jobIds }: MsInput & ForJobs,
  { isPrerequisite = false } = {},
): Promise<ProducedOutput> {
  const { registry } = dependencies;
  const group = await registry.groups.require(groupId, groupVersion);
  requireUsable(group, minSubbands);
  const files = await registry.subbandFiles.listOfGroup(group);
  const recipeHash = msRecipeHash(recipe);
  const { products } = await runStage(dependencies, {
    stage: 'convert',
    unit: groupId,
    spec: {
      stage: 'convert',
      files: files.map(({ path }) => path),
      expected_subbands: group.expectedSubbands,
      min_subbands: minSubbands,
      ...recipe.convert,
    },
    inputHashes: await contentHashes(registry, files),
    inputBytes: sumOfSizes(files),
    jobIds,
    groupId,
    isPrerequisite,
    products: [
      {
        kind: 'ms',
        roles: ['ms'],
        parents: [],
        groupId,
        date: groupId.slice(0, 10),
        row: ({ summary }) => measurementSetRow(summary.ms, { stage: 'converted', groupId, groupVersion, recipeHash }),
      },
    ],
  });
  return outputOf(products, 'ms');
}

const sumOfSizes = (files: readonly SubbandFile[]): number => files.reduce((sum, file) => sum + file.sizeBytes, 0);

function requireUsable(group: ObservationGroup, minSubbands: number): void {
  const context = { group_id: group.id, version: group.version };
  if (group.state === 'rejected') {
    const why = group.errorMessage ?? 'it was rejected';
    throw new MeridianError('GROUP_NOT_FOUND', `group ${group.id} cannot be used: ${why}`, context);
  }
  const present = group.presentSubbands.length;
  if (present >= minSubbands) return;
  const missing = group.missingSubbands.map((number) => `sb${String(number).padStart(2, '0')}`).join(', ');
  const message = `group ${group.id} has ${present} of ${minSubbands} subbands; missing are ${missing}`;
  throw new MeridianError('GROUP_INCOMPLETE', message, context);
}
