/**
 * The benchmark: `node test/bench/main.ts`, called by `meridian bench` in a home of its own. Ratios are made of runs side
 * by side; absolute times depend on the machine, which is described beside them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKOUT, loadConfig } from '../../config/index.ts';
import { downAll, upDetached } from '../../services/control.ts';
import { SERVICE_NAMES } from '../../services/service.ts';
import { convertFigures } from './convert.ts';
import { machine } from './measure.ts';
import type { Figure } from './measure.ts';
import { orchestrationFigures } from './orchestration.ts';
import { gateway, rawFiles } from './setting.ts';
import type { Scale, Setting } from './setting.ts';
import { groupsWanted, tileAndThroughput } from './tile.ts';

const PARTS: Readonly<Record<string, (setting: Setting) => Promise<Figure[]>>> = {
  orchestration: orchestrationFigures,
  convert: convertFigures,
  tile: tileAndThroughput,
};

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: 'full' },
    pairs: { type: 'string', default: '5' },
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    output: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const line = ({ name, value, unit, limit, ok }: Figure): string => {
  const verdict = ok === null ? '' : ok ? '  ok' : '  MISSED';
  return `${name.padEnd(40)} ${value.toPrecision(4).padStart(8)} ${unit.padEnd(5)} ${limit ?? ''}${verdict}`;
};

/** Text and JSON, named by date and machine. */
function save(text: string, document: object, host: string): void {
  const folder = join(CHECKOUT, 'docs', 'benchmarks', `${new Date().toISOString().slice(0, 10)}-${host}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'report.txt'), `${text}\n`);
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(document, null, 2)}\n`);
  say(`saved in ${folder}`);
}

const scale = values.scale as Scale;
const pairs = Number(values.pairs);
const parts = values.only.split(',');
// Three around the transit are enough for all but tiles.
const files = await rawFiles(scale, parts.includes('tile') ? groupsWanted(pairs) : 3, say);
await upDetached({ wanted: SERVICE_NAMES, settings: 'as_given', note: say });
try {
  const config = loadConfig();
  const setting: Setting = { scale, pairs, config, gateway: gateway(config), ...files, say };
  const before = machine();
  const figures: Figure[] = [];
  for (const name of parts) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
    figures.push(...(await part(setting)));
  }
  const document = { scale, machine: before, load_average_at_end: machine().load_average, figures };
  const about = `${before.cpu}, ${before.cores} cores, ${before.memory_gb} GB; load ${before.load_average.join(' ')}; scale ${scale}`;
  const text = [about, ...figures.map(line)].join('\n');
  if (values.output !== undefined) writeFileSync(values.output, JSON.stringify(document, null, 2));
  if (values.save) save(text, document, before.host);
  process.stdout.write(`${text}\n`);
  process.exitCode = figures.some(({ ok }) => ok === false) ? 1 : 0;
} finally {
  await downAll(say);
}
