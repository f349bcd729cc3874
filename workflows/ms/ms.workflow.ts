/** A measurement set of one group: convert, flag, check, commit. */
import type { MsInput, MsResult } from '../contracts/ms.ts';
import { Calls } from '../common/calls.ts';
import { PhaseBoard } from '../common/phase-board.ts';
import { UnitRun } from '../common/unit-run.ts';

const PHASES = [
  { name: 'convert', label: 'Convert' },
  { name: 'flag', label: 'Flag' },
  { name: 'commit', label: 'Check and commit' },
];

export async function msWorkflow(input: MsInput): Promise<MsResult> {
  const { groupId } = input;
  const calls = new Calls(input.policies);
  const unit = new UnitRun(new PhaseBoard(`Measurement set of ${groupId}`, PHASES), calls);

  return unit.run(
    async () => {
      await unit.phase('convert', `Converting the subbands of ${groupId}`, () =>
        calls.compute('convert', `Converting ${groupId}`).convertGroup({ ...input, jobIds: unit.jobIds }),
      );
      const flagged = await unit.phase('flag', 'Flagging', () =>
        calls.compute('flag', `Flagging ${groupId}`).flagMs({ ...input, jobIds: unit.jobIds }),
      );
      return unit.phase('commit', 'Checking the measurement set', () =>
        calls.registry(`Checking and committing ${groupId}`).commitMs({ ...flagged, groupId }),
      );
    },
    (state, failure) =>
      calls
        .registry(`Recording that ${groupId} ${state}`)
        .recordUnitEnd({ kind: 'ms', groupId, groupVersion: input.groupVersion, jobIds: unit.jobIds, state, failure }),
  );
}
