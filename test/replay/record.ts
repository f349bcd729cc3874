/**
 * Records histories of the present workflows: `node test/replay/record.ts RELEASE`.
 *
 * Run it once for each release that is tagged, and keep what it writes: later code has to replay it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { CHECKOUT } from '../../config/paths.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contracts/control.ts';
import { jobStart, mosaicStart, scanStart } from '../../workflows/contracts/start.ts';
import { eventually } from '../support/eventually.ts';
import { fakeStages, type FakeStages } from '../support/fake-stages.ts';
import { aMosaicInput, quickPolicies } from '../support/mosaic-input.ts';
import { runWorkers, startTemporal, type RunningWorkers } from '../support/temporal.ts';

const JANE = { requestedBy: 'jane', reason: 'recording' };

interface Scene {
  readonly stages: FakeStages;
  readonly workers: RunningWorkers;
}

/** What happens, and the workflow whose history is kept; null: also those of the units it asked for. */
type Scenario = (scene: Scene) => Promise<WorkflowHandle[]>;

async function startMosaic({ workers }: Scene, hash8: string): Promise<WorkflowHandle> {
  const { workflowType, options } = mosaicStart(aMosaicInput(3), hash8, workers.prefix);
  return workers.client.workflow.start(workflowType, options);
}

/** Workflows of the units that ran in this scene, one of each kind. */
async function unitsOf({ workers }: Scene): Promise<WorkflowHandle[]> {
  const { client, prefix } = workers;
  const query = `TaskQueue = "${prefix}-orchestrate" AND WorkflowType IN ("msWorkflow", "tileWorkflow")`;
  const kinds = new Map<string, WorkflowHandle>();
  for await (const { type, workflowId, runId } of client.workflow.list({ query })) {
    kinds.set(type, client.workflow.getHandle(workflowId, runId));
  }
  return [...kinds.values()];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  async success(scene) {
    const mosaic = await startMosaic(scene, 'success0');
    await mosaic.result();
    const { client, prefix } = scene.workers;
    const policies = quickPolicies();
    const scan = scanStart({ requestId: 'scan', rootId: null, requestedBy: 'jane', policies }, prefix);
    const input = { jobId: 'job', stage: 'inspect', unit: 'file', spec: {}, requestedBy: 'jane' } as const;
    const job = jobStart({ ...input, priority: 3, policies }, prefix);
    const others = await Promise.all([
      client.workflow.start(scan.workflowType, scan.options),
      client.workflow.start(job.workflowType, job.options),
    ]);
    await Promise.all(others.map((handle) => handle.result()));
    await eventually('the units are listed', async () => (await unitsOf(scene)).length === 2);
    return [mosaic, ...others, ...(await unitsOf(scene))];
  },

  async cancelled(scene) {
    scene.stages.behave.set('imageTile', { takesMs: 60_000 });
    const mosaic = await startMosaic(scene, 'cancel00');
    await eventually('imaging', () => scene.stages.calls.some((call) => call.startsWith('imageTile')), 30);
    await mosaic.executeUpdate(cancelUpdate, { args: [JANE] });
    await mosaic.result().catch(() => undefined);
    await eventually('the units are listed', async () => (await unitsOf(scene)).length === 2);
    return [mosaic, ...(await unitsOf(scene)).filter(({ workflowId }) => workflowId.startsWith('tile/'))];
  },

  async retried(scene) {
    scene.stages.behave.set('solveCalibrator', { failsWith: 'TOOL_FAILED', failures: 2, retryable: true, takesMs: 300 });
    scene.stages.behave.set('flagMs', { failsWith: 'TOOL_FAILED', failures: 1, retryable: true });
    const mosaic = await startMosaic(scene, 'retried0');
    await eventually('solving', () => scene.stages.calls.some((call) => call.startsWith('solveCalibrator')), 30);
    await mosaic.executeUpdate(pauseUpdate, { args: [JANE] });
    await mosaic.executeUpdate(resumeUpdate, { args: [JANE] });
    await mosaic.result();
    return [mosaic];
  },

  async failed(scene) {
    scene.stages.behave.set('solveCalibrator', { failsWith: 'CALIBRATION_BAD' });
    const mosaic = await startMosaic(scene, 'failed00');
    await mosaic.result().catch(() => undefined);
    return [mosaic];
  },
};

/** Without the paths and the name of the machine it was recorded on. */
const anonymous = (json: string): string =>
  json.replaceAll(CHECKOUT, '').replaceAll(/"identity":\s*"\d+@[^"]*"/g, '"identity":"recorder"');

async function record(release: string): Promise<void> {
  const folder = join(fileURLToPath(new URL('.', import.meta.url)), 'histories', release);
  mkdirSync(folder, { recursive: true });
  const temporal = await startTemporal();
  try {
    for (const [path, scenario] of Object.entries(SCENARIOS)) {
      const prefix = `record-${path}`;
      const stages = fakeStages(temporal.client, prefix);
      const workers = await runWorkers(temporal, stages.activities, prefix);
      for (const handle of await scenario({ stages, workers })) {
        const { type } = await handle.describe();
        const json = anonymous(historyToJSON(await handle.fetchHistory()));
        writeFileSync(join(folder, `${type}-${path}.json`), `${JSON.stringify(JSON.parse(json))}\n`);
      }
      await workers.stop();
    }
  } finally {
    await temporal.teardown();
  }
}

const [release] = process.argv.slice(2);
if (release === undefined) throw new Error('name the release: node test/replay/record.ts v0.1.0');
await record(release);
