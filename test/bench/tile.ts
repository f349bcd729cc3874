/**
 * A group from raw files to a corrected tile, through gateway, workflows and worker; beside it the same argument lists
 * run bare, one after the other. Pairs are interleaved. A parameter that costs nothing tells the rounds apart, so that
 * no round finds the results of another.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { pythonProgram } from '../../activities/stage-runner/index.ts';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { isoFromMjd, mjdFromIso } from '../../domain/time.ts';
import { openRegistry } from '../../registry/index.ts';
import { figure } from './measure.ts';
import type { Figure } from './measure.ts';
import type { Setting } from './setting.ts';

type Mosaic = Schemas['Mosaic'];
type CreateBody = Schemas['CreateMosaic'];

const POLL_MS = 250;
const STANDARD_WIDTH_HZ = 1.95e6;

async function finished({ client }: Setting, body: CreateBody): Promise<Mosaic> {
  const { id } = await answerOf(client.POST('/api/mosaics/create', { body }));
  for (;;) {
    const mosaic = await answerOf(client.GET('/api/mosaics/{id}', { params: { path: { id } } }));
    if (mosaic.status === 'done') return mosaic;
    if (mosaic.status === 'failed' || mosaic.status === 'cancelled') {
      throw new Error(`the mosaic of the benchmark is ${mosaic.status}: ${mosaic.error?.message ?? ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const phase = (mosaic: Mosaic, name: string): Schemas['JobPhase'] => {
  const found = mosaic.job?.phases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the mosaic has no phase ${name}`);
  return found;
};

/** From the first byte read to the tile registered. */
const rawToTile = (mosaic: Mosaic): number =>
  (Date.parse(phase(mosaic, 'image').ended_at ?? '') - Date.parse(phase(mosaic, 'ensure_ms').started_at ?? '')) / 1000;

/** A mosaic of one group: another convert parameter each round, at the same cost. */
function oneGroup(group: string, round: number): CreateBody {
  const middle = mjdFromIso(group) + 155 / 86_400;
  return {
    start_utc: isoFromMjd(middle - 60 / 86_400),
    end_utc: isoFromMjd(middle + 60 / 86_400),
    min_tiles: 1,
    convert: { max_channel_width_hz: STANDARD_WIDTH_HZ - 1 - round },
    requested_by: 'bench',
  };
}

interface Attempt {
  readonly stage: string;
  readonly logFolder: string;
}

/** Attempts that committed between two times, in order. */
async function attemptsBetween(setting: Setting, from: string, to: string): Promise<Attempt[]> {
  const { databaseUrl, paths } = setting.config;
  const storeRoots = { store: paths.store, published: paths.published };
  const registry = openRegistry({ databaseUrl: databaseUrl ?? '', applicationName: 'meridian-bench', storeRoots });
  try {
    const rows = await registry.db
      .selectFrom('effectAttempts')
      .innerJoin('effects', 'effects.key', 'effectAttempts.effectKey')
      .select(['effects.stage', 'effectAttempts.logFolder'])
      .where('effectAttempts.state', '=', 'done')
      .where('effectAttempts.startedAt', '>=', from)
      .where('effectAttempts.startedAt', '<', to)
      .orderBy('effectAttempts.startedAt')
      .execute();
    return rows.flatMap(({ stage, logFolder }) => (logFolder === null ? [] : [{ stage, logFolder }]));
  } finally {
    await registry.close();
  }
}

/** The same specs, each as a bare process in a fresh folder. Inputs are products, which stay as they are. */
async function bare({ config }: Setting, attempts: readonly Attempt[]): Promise<number> {
  const { paths, compute } = config;
  const folder = mkdtempSync(join(paths.home, 'bench-bare-'));
  const program = pythonProgram(paths);
  const [python, ...module] = program.command;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    MPLBACKEND: 'Agg',
    ...program.env,
    OMP_NUM_THREADS: String(compute.cores),
    OPENBLAS_NUM_THREADS: '1',
  };
  try {
    const started = performance.now();
    for (const [index, { stage, logFolder }] of attempts.entries()) {
      const workdir = join(folder, String(index));
      mkdirSync(workdir);
      const spec = join(workdir, 'spec.json');
      writeFileSync(spec, readFileSync(join(logFolder, 'spec.json')));
      const args = [...module, stage, '--spec', spec, '--workdir', workdir];
      const child = spawn(python, args, { cwd: workdir, env, stdio: 'ignore' });
      const [status] = (await once(child, 'exit')) as [number | null];
      if (status !== 0) throw new Error(`${stage} run bare ended with status ${status}`);
    }
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Largest process of each attempt, GB. */
const peakGb = (attempts: readonly Attempt[]): number[] =>
  attempts.map(({ logFolder }) => {
    const { peak_rss_bytes: peak } = JSON.parse(readFileSync(join(logFolder, 'result.json'), 'utf8')) as {
      peak_rss_bytes: number;
    };
    return peak / 1e9;
  });

/** Stages between raw files and tile. */
const STAGES: ReadonlySet<string> = new Set(['convert', 'flag', 'apply', 'image', 'qa']);

/** @throws Error when a stage took an earlier result: the time would be that of less work. */
function requireAll(attempts: readonly Attempt[]): void {
  const missing = [...STAGES].filter((name) => !attempts.some(({ stage }) => stage === name));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} took earlier results: nothing was measured`);
}

export async function tileFigures(setting: Setting): Promise<Figure[]> {
  const { groups, incoming, pairs, scale, say } = setting;
  say('warm-up: the mosaic of the transit, with its solve');
  const first = await finished(setting, { calibrator: '3C286', incoming, requested_by: 'bench' });
  const solve = phase(first, 'solve').seconds ?? Number.NaN;
  const [ours, alone, peaks]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < pairs; round += 1) {
    say(`tile, pair ${round + 1} of ${pairs}`);
    const mosaic = await finished(setting, oneGroup(groups[0] ?? '', round));
    const { started_at: from } = phase(mosaic, 'ensure_ms');
    const { ended_at: to } = phase(mosaic, 'image');
    const attempts = (await attemptsBetween(setting, from ?? '', to ?? '')).filter(({ stage }) => STAGES.has(stage));
    requireAll(attempts);
    ours.push(rawToTile(mosaic));
    peaks.push(Math.max(...peakGb(attempts)));
    alone.push(await bare(setting, attempts));
  }
  const limits = scale === 'full' ? { tile: { atMost: 90 }, solved: { atMost: 120 } } : { tile: {}, solved: {} };
  return [
    figure('raw to tile, valid tables', 's', ours, limits.tile),
    figure(
      'raw to tile, with a solve',
      's',
      ours.map((value) => value + solve),
      limits.solved,
    ),
    figure('raw to tile, bare', 's', alone),
    figure(
      'ours / bare',
      'times',
      ours.map((value, index) => value / (alone[index] ?? 1)),
      { atMost: 1.15 },
    ),
    figure('largest process', 'GB', [Math.max(...peaks)], { atMost: 2.5 }),
  ];
}

/** Tiles per hour with one group at a time and with two. */
export async function throughputFigures(setting: Setting): Promise<Figure[]> {
  const [a = '', b = ''] = setting.groups;
  setting.say('two groups, one after the other');
  const started = performance.now();
  await finished(setting, oneGroup(a, 1000));
  await finished(setting, oneGroup(b, 1000));
  const one = (performance.now() - started) / 1000;
  setting.say('two groups at a time');
  const again = performance.now();
  await Promise.all([finished(setting, oneGroup(a, 1001)), finished(setting, oneGroup(b, 1001))]);
  const two = (performance.now() - again) / 1000;
  return [
    figure('tiles per hour, one group in flight', '1/h', [7200 / one]),
    figure('tiles per hour, two groups in flight', '1/h', [7200 / two]),
  ];
}
