/** Every recorded history replays on the present workflows; one that differs is noticed. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { installQuietRuntime, workflowBundle } from '../support/temporal.ts';

const HISTORIES = join(dirname(fileURLToPath(import.meta.url)), 'histories');

/** Paths below `histories/`: `<release>/<workflow>-<what happened>.json`. */
const recorded = readdirSync(HISTORIES, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.json'))
  .sort();

const read = (path: string): unknown => JSON.parse(readFileSync(join(HISTORIES, path), 'utf8'));

/** What the replay of a history found wrong; null if nothing. */
async function replay(name: string, history: unknown): Promise<Error | null> {
  installQuietRuntime();
  const histories = [{ workflowId: name, history: historyFromJSON(history) }];
  const options = { workflowBundle: await workflowBundle(), replayName: name };
  for await (const { error } of Worker.runReplayHistories(options, histories)) return error ?? null;
  throw new Error(`${name} was not replayed`);
}

describe('recorded histories', () => {
  it('hold every workflow, and a mosaic that succeeded, was cancelled, was tried again, and failed', () => {
    const names = recorded.map((path) => path.split('/').at(-1));
    for (const workflow of ['mosaicWorkflow', 'msWorkflow', 'tileWorkflow', 'scanWorkflow', 'jobWorkflow']) {
      expect(names).toContain(`${workflow}-success.json`);
    }
    for (const path of ['cancelled', 'retried', 'failed']) expect(names).toContain(`mosaicWorkflow-${path}.json`);
  });

  it.each(recorded)('%s replays', async (path) => {
    expect(await replay(path, read(path))).toBeNull();
  });
});

describe('the check itself', () => {
  it('notices a history in which another activity was called than the code calls', async () => {
    const path = recorded.find((candidate) => candidate.endsWith('mosaicWorkflow-success.json')) ?? '';
    const text = readFileSync(join(HISTORIES, path), 'utf8').replace('"name":"planMosaic"', '"name":"planAnother"');

    expect(await replay('changed', JSON.parse(text))).toMatchObject({ name: 'DeterminismViolationError' });
  });

  it('notices a history that lacks a step which the code makes', async () => {
    const path = recorded.find((candidate) => candidate.endsWith('msWorkflow-success.json')) ?? '';
    const text = readFileSync(join(HISTORIES, path), 'utf8').replaceAll('"name":"flagMs"', '"name":"commitMs"');

    expect(await replay('shorter', JSON.parse(text))).not.toBeNull();
  });
});
