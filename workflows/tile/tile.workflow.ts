/** A tile of one group: apply, image, check, register. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import { qaStateKey } from '../contracts/search-attributes.ts';
import type { TileInput, TileResult } from '../contracts/tile.ts';
import { Calls } from '../common/calls.ts';
import { askForPhotometry } from '../common/photometry.ts';
import { PhaseBoard } from '../common/phase-board.ts';
import { UnitRun } from '../common/unit-run.ts';

const PHASES = [
  { name: 'apply', label: 'Apply calibration' },
  { name: 'image', label: 'Image' },
  { name: 'check', label: 'Check against the catalogue' },
  { name: 'register', label: 'Register' },
];

export async function tileWorkflow(input: TileInput): Promise<TileResult> {
  const { groupId } = input;
  const calls = new Calls(input.policies);
  const unit = new UnitRun(new PhaseBoard(`Tile of ${groupId}`, PHASES), calls);

  return unit.run(
    async () => {
      await unit.phase('apply', `Applying ${input.caltableIds.length} tables`, () =>
        calls.compute('apply', `Applying calibration to ${groupId}`).applyCaltables({ ...input, jobIds: unit.jobIds }),
      );
      const image = await unit.phase('image', `Imaging ${groupId}`, () =>
        calls.compute('image', `Imaging tile ${groupId}`).imageTile({ ...input, jobIds: unit.jobIds }),
      );
      await unit.phase('check', 'Comparing with the catalogue', () =>
        calls.compute('qa', `Checking tile ${groupId}`).checkTile({ ...image, groupId, jobIds: unit.jobIds }),
      );
      const tile = await unit.phase('register', 'Registering the tile', () =>
        calls
          .registry(`Registering tile ${groupId}`)
          .registerTile({ ...image, groupId, msId: input.msId, recipe: input.recipe }),
      );
      await askForPhotometry(calls, { ...input, productId: tile.tileId, series: 'tile' });
      upsertSearchAttributes([{ key: qaStateKey, value: tile.qa }]);
      return tile;
    },
    (state, failure) =>
      calls.registry(`Recording that tile ${groupId} ${state}`).recordUnitEnd({
        kind: 'tile',
        groupId,
        groupVersion: input.groupVersion,
        jobIds: unit.jobIds,
        state,
        failure,
      }),
  );
}
