/** `demo`: from a simulated transit of 3C286 to a published mosaic, judged against what was put into the sky. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/index.ts';
import { MeridianError } from '../../domain/errors.ts';
import { downAll } from '../../services/control.ts';
import { livingSupervisor, servicesStatus } from '../../services/status.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { judgeMosaic } from '../demo/judge.ts';
import { demoDocument, demoText } from '../demo/report.ts';
import type { DemoFacts, Step } from '../demo/report.ts';
import { ensureRawFiles, fullScene, quickScene } from '../demo/scene.ts';
import type { Scene } from '../demo/scene.ts';
import { startedGateway } from '../gateway/connect.ts';
import { exitStatusForCode } from '../output/errors.ts';
import { createAndWait } from './mosaic-create.ts';

interface Options {
  readonly full?: boolean;
  readonly keep?: boolean;
}

/** Measures the steps. */
class Steps {
  readonly done: Step[] = [];

  async take<Result>(
    name: string,
    work: () => Promise<Result>,
    wasThere: (result: Result) => boolean,
  ): Promise<Result> {
    const started = performance.now();
    const result = await work();
    this.done.push({ name, seconds: (performance.now() - started) / 1000, reused: wasThere(result) });
    return result;
  }
}

async function runScene(scene: Scene, context: CommandContext, kept: boolean): Promise<DemoFacts> {
  const folder = join(loadConfig().paths.home, 'demo', scene.name);
  const steps = new Steps();
  const raw = await steps.take(
    'simulate',
    () => ensureRawFiles(scene, folder, context),
    ({ reused }) => reused,
  );
  const ran = livingSupervisor(loadConfig()) !== undefined;
  const gateway = await steps.take(
    'start services',
    () => startedGateway({}, context),
    () => ran,
  );
  const asked = Date.now();
  const body = { ...scene.request, incoming: raw.incoming };
  const mosaic = await steps.take(
    'mosaic',
    () => createAndWait(gateway, body, context),
    (made) => Date.parse(made.created_at) < asked,
  );
  const [picture, qaPicture] = [join(folder, 'mosaic.png'), join(folder, 'against-truth.png')];
  const judged = await steps.take(
    'compare with truth',
    () => judgeMosaic(mosaic, { truth: raw.truth, picture: qaPicture }, context),
    () => false,
  );
  copyPicture(mosaic.picture, picture);
  const { api_docs_url: apiDocs, temporal_ui_url: temporalUi } = await servicesStatus();
  const links = { apiDocs, temporalUi };
  return { scene: scene.name, mosaic, judged, steps: steps.done, picture, qaPicture, links, kept };
}

function copyPicture(from: string | null, to: string): void {
  if (from === null) throw new MeridianError('OUTPUT_CORRUPT', 'the mosaic has no picture');
  mkdirSync(join(to, '..'), { recursive: true });
  copyFileSync(from, to);
}

async function demo(options: Options, context: CommandContext): Promise<CommandResult> {
  const scene = options.full === true ? fullScene() : quickScene();
  const ranBefore = livingSupervisor(loadConfig()) !== undefined;
  const kept = options.keep === true || ranBefore;
  try {
    const result = await runScene(scene, context, kept);
    const failed = result.judged.failures.length > 0;
    return {
      document: demoDocument(result),
      text: demoText(result),
      exitStatus: failed ? exitStatusForCode('QA_FAILED') : 0,
    };
  } finally {
    if (!kept) await downAll(context.note);
  }
}

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('simulate a transit of 3C286, make its mosaic, and compare that with the truth')
    .option('--full', 'the whole array: 96 antennas, 768 channels, three tiles')
    .option('--keep', 'leave the services running');
  return runs<Options>(command, demo, { jsonFile: true });
}
