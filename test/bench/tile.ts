/**
 * A group from raw files to a corrected tile, through gateway, workflows and worker; beside it the same argument lists
 * run bare, one after the other. Pairs are interleaved. Every round has a group of its own: stages find what was made of
 * equal content.
 */
import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Schemas } from '../../api/client/client.ts';
import { createAndWait } from '../../cli/commands/mosaic-create.ts';
import { isoFromMjd, mjdFromIso } from '../../domain/time.ts';
import { attemptsBetween, secondsBare } from './bare.ts';
import type { Attempt } from './bare.ts';
import { figure } from './measure.ts';
import type { Figure } from './measure.ts';
import type { Setting } from './setting.ts';

type Mosaic = Schemas['Mosaic'];
type CreateBody = Schemas['CreateMosaic'];

/** Groups around the transit which the warm-up makes its mosaic of. */
const WARM_UP_MINUTES = 14;

/** A mosaic, waited for until it is published. */
const finished = ({ gateway, say }: Setting, body: CreateBody): Promise<Mosaic> =>
  createAndWait(
    gateway,
    { ...body, requested_by: 'bench' },
    {
      signal: new AbortController().signal,
      progress: { update: () => undefined, finish: () => undefined },
      note: say,
      json: false,
    },
  );

const phase = (mosaic: Mosaic, name: string): Schemas['JobPhase'] => {
  const found = mosaic.job?.phases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the mosaic has no phase ${name}`);
  return found;
};

/** From the first byte read to the tile registered. */
const rawToTile = (mosaic: Mosaic): number =>
  (Date.parse(phase(mosaic, 'image').ended_at ?? '') - Date.parse(phase(mosaic, 'ensure_ms').started_at ?? '')) / 1000;

/** A mosaic of one group. */
function oneGroup(group: string): CreateBody {
  const middle = mjdFromIso(group) + 155 / 86_400;
  return {
    start_utc: isoFromMjd(middle - 60 / 86_400),
    end_utc: isoFromMjd(middle + 60 / 86_400),
    min_tiles: 1,
  };
}

/** Reads the raw files of a group, so that both runs of a pair find them in the page cache. */
async function readAhead({ incoming }: Setting, group: string): Promise<void> {
  const start = mjdFromIso(group);
  const files = readdirSync(incoming).filter((name) => {
    const stamp = /^(\S+?)_sb\d+\.hdf5$/.exec(name)?.[1];
    return stamp !== undefined && Math.abs(mjdFromIso(stamp) - start) < 150 / 86_400;
  });
  for (const name of files) {
    await pipeline(
      createReadStream(join(incoming, name)),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
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

interface Pair {
  readonly ours: number;
  readonly bare: number;
  readonly peakGb: number;
}

async function measurePair(setting: Setting, group: string): Promise<Pair> {
  await readAhead(setting, group);
  const mosaic = await finished(setting, oneGroup(group));
  const { started_at: from } = phase(mosaic, 'ensure_ms');
  const { ended_at: to } = phase(mosaic, 'image');
  const attempts = (await attemptsBetween(setting, from ?? '', to ?? '')).filter(({ stage }) => STAGES.has(stage));
  requireAll(attempts);
  return {
    ours: rawToTile(mosaic),
    bare: await secondsBare(setting, attempts),
    peakGb: Math.max(...peakGb(attempts)),
  };
}

/** Solves at the transit, for the tables of all rounds. @returns seconds of the solve, and the groups left for rounds */
async function warmUp(setting: Setting): Promise<{ solveSeconds: number; rest: readonly string[] }> {
  setting.say('warm-up: a small mosaic of the transit, with its solve');
  const body = { calibrator: '3C286', incoming: setting.incoming, timespan_minutes: WARM_UP_MINUTES, min_tiles: 1 };
  const mosaic = await finished(setting, body);
  const used = new Set(mosaic.tiles.map(({ group_id: group }) => group));
  return {
    solveSeconds: phase(mosaic, 'solve').seconds ?? Number.NaN,
    rest: setting.groups.filter((group) => !used.has(group)),
  };
}

async function tileFigures(setting: Setting, groups: readonly string[], solveSeconds: number): Promise<Figure[]> {
  const pairs: Pair[] = [];
  for (const [index, group] of groups.entries()) {
    setting.say(`tile, pair ${index + 1} of ${groups.length}`);
    pairs.push(await measurePair(setting, group));
  }
  const limits =
    setting.scale === 'full' ? { tile: { atMost: 90 }, solved: { atMost: 120 } } : { tile: {}, solved: {} };
  const ours = pairs.map((pair) => pair.ours);
  const solved = ours.map((value) => value + solveSeconds);
  const ratios = pairs.map((pair) => pair.ours / pair.bare);
  const peak = Math.max(...pairs.map((pair) => pair.peakGb));
  return [
    figure('raw to tile, valid tables', 's', ours, limits.tile),
    figure('raw to tile, with a solve', 's', solved, limits.solved),
    figure(
      'raw to tile, bare',
      's',
      pairs.map((pair) => pair.bare),
    ),
    figure('ours / bare', 'times', ratios, { atMost: 1.15 }),
    figure('largest process', 'GB', [peak], { atMost: 2.5 }),
  ];
}

/** Tiles per hour with one group at a time and with two. */
async function throughputFigures(setting: Setting, groups: readonly string[]): Promise<Figure[]> {
  const [a = '', b = '', c = '', d = ''] = groups;
  const tilesPerHour = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return (2 * 3600) / ((performance.now() - started) / 1000);
  };
  setting.say('two groups, one after the other');
  const one = await tilesPerHour(async () => {
    await finished(setting, oneGroup(a));
    await finished(setting, oneGroup(b));
  });
  setting.say('two groups at a time');
  const two = await tilesPerHour(() => Promise.all([c, d].map((group) => finished(setting, oneGroup(group)))));
  return [
    figure('tiles per hour, one group in flight', '1/h', [one]),
    figure('tiles per hour, two groups in flight', '1/h', [two]),
  ];
}

/** Groups of the warm-up, at most, and of the two throughputs. */
const OTHER_GROUPS = 3 + 4;

/** Groups which the benchmark of tiles needs. */
export const groupsWanted = (pairs: number): number => pairs + OTHER_GROUPS;

/** All that is measured between raw files and tile. */
export async function tileAndThroughput(setting: Setting): Promise<Figure[]> {
  const { solveSeconds, rest } = await warmUp(setting);
  const paired = rest.slice(0, setting.pairs);
  const others = rest.slice(setting.pairs, setting.pairs + 4);
  if (others.length < 4) throw new Error(`${rest.length} groups are left after the warm-up: too few`);
  return [...(await tileFigures(setting, paired, solveSeconds)), ...(await throughputFigures(setting, others))];
}
