/** A worker in small: runs the stage whose script a test has written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StageBench, watcher } from '../../support/stage-bench.ts';
import type { StageScript } from '../../support/stand-in-stage.ts';

const [home = '', databaseUrl = '', name = ''] = process.argv.slice(2);

const script = JSON.parse(readFileSync(join(home, 'inputs', `${name}.json`), 'utf8')) as StageScript;
const bench = new StageBench(home, databaseUrl);
await bench.runner.run(await bench.request(name, script), watcher());
await bench.close();
