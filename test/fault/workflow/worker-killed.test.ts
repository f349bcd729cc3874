/** A worker killed in the middle of a stage: the work finishes by itself, once, and nothing is left behind. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeContent } from '../../../activities/store/content-hash.ts';
import { policySnapshot } from '../../../domain/stage-policies.ts';
import { msWorkflow } from '../../../workflows/ms/ms.workflow.ts';
import { msWorkflowId } from '../../../workflows/contracts/ids.ts';
import { taskQueue } from '../../../workflows/contracts/queues.ts';
import { eventually } from '../../support/eventually.ts';
import { RealServices } from '../../support/real-worker.ts';

const SMALL = {
  stage: 'simulate',
  n_groups: 1,
  n_antennas: 40,
  channels_per_subband: 8,
  pointing_dec_deg: 30,
} as const;

let services: RealServices;

beforeAll(async () => {
  services = await RealServices.start();
}, 120_000);

afterAll(() => services.stop());

describe('kill -9 of the worker while it converts', () => {
  it('converts on the next worker, registers one product, and leaves no process', async () => {
    await services.simulate('night', { ...SMALL, start_utc: '2026-11-20T06:00:00' });
    const first = await services.startWorker();
    expect(await services.scan()).toMatchObject({ files: 16, newFiles: 16, brokenFiles: 0, groupsChanged: 1 });
    const [group] = await services.registry.groups.list();
    const groupId = group?.id ?? '';
    const handle = await services.client.workflow.start(msWorkflow, {
      workflowId: msWorkflowId(groupId, 1),
      taskQueue: taskQueue(services.prefix, 'orchestrate'),
      args: [
        {
          groupId,
          groupVersion: 1,
          recipe: { convert: {}, flag: {} },
          minSubbands: 16,
          priority: 3,
          policies: policySnapshot(),
        },
      ],
    });

    await eventually('converting', () => services.stageProcesses('convert').length > 0, 30);
    first.kill('SIGKILL');
    await eventually('nothing of the dead worker is alive', () => services.stageProcesses('convert').length === 0, 2);
    await services.startWorker();
    const { msId } = await handle.result();

    const products = await services.registry.products.list({ groupId });
    expect(products.items.map(({ kind, stage }) => `${kind} ${stage}`).sort()).toEqual(['ms convert', 'ms flag']);
    const ms = await services.registry.products.require(msId);
    expect((await describeContent(ms.path)).sha256).toBe(ms.files[0]?.sha256);
    expect(await services.registry.measurementSets.find(msId)).toMatchObject({ stage: 'flagged', groupId });
    const attempts = await services.registry.effects.attempts({ workflowIds: [handle.workflowId] });
    expect(attempts.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      'convert lost',
      'convert done',
      'flag done',
    ]);
    expect(services.stageProcesses('convert')).toEqual([]);
  }, 180_000);
});
