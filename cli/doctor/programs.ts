/** The programs that Meridian runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HomePaths } from '../../config/index.ts';
import { packagedPostgresVersion, placeNote, recordedDataFolder } from '../../services/postgres-place.ts';
import { findTemporalProgram } from '../../services/temporal.ts';
import { checkProgram, ok, onPath, type Finding } from './probe.ts';

const AGAIN = 'call ./meridian again: set-up installs it';
const byApt = (name: string): string => `apt-get install --no-install-recommends ${name}`;

const OLDEST_NODE = 22;

function node(): Finding {
  const version = process.version.slice(1);
  const found = ok('node', version, process.execPath);
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return found;
  const detail = `older than ${OLDEST_NODE}`;
  return { ...found, status: 'error', detail, mend: 'call ./meridian, which runs the Node.js it installed' };
}

const uv = (paths: HomePaths): Promise<Finding> =>
  checkProgram({
    component: 'uv',
    path: existing(join(paths.tools, 'bin', 'uv')),
    args: ['--version'],
    pattern: /uv (\S+)/,
    whenMissing: { status: 'error', detail: 'not installed' },
    mend: AGAIN,
  });

const temporal = (paths: HomePaths): Promise<Finding> =>
  checkProgram({
    component: 'temporal',
    path: findTemporalProgram(paths),
    args: ['--version'],
    pattern: /temporal version (.+)/,
    whenMissing: { status: 'error', detail: 'not installed' },
    mend: AGAIN,
  });

function postgres(paths: HomePaths): Finding {
  try {
    return {
      ...ok('postgres', packagedPostgresVersion(), recordedDataFolder(paths)),
      detail: placeNote(paths) ?? null,
    };
  } catch (error) {
    const detail = (error as Error).message;
    return { component: 'postgres', status: 'error', version: null, path: null, detail, mend: AGAIN };
  }
}

const setpriv = (): Promise<Finding> =>
  checkProgram({
    component: 'setpriv',
    path: onPath(['setpriv']),
    args: ['--version'],
    pattern: /([\d.]+)/,
    whenMissing: { status: 'error', detail: 'without it no stage can be started' },
    mend: byApt('util-linux'),
  });

const wsclean = (): Promise<Finding> =>
  checkProgram({
    component: 'wsclean',
    path: onPath(['wsclean']),
    args: ['--version'],
    pattern: /version (\S+)/i,
    whenMissing: {
      status: 'warning',
      detail: 'images are made with CASA tclean, which takes about eight times as long',
    },
    mend: byApt('wsclean'),
  });

const swarp = (): Promise<Finding> =>
  checkProgram({
    component: 'swarp',
    path: onPath(['SWarp', 'swarp']),
    args: ['-v'],
    pattern: /version (\S+)/i,
    whenMissing: {
      status: 'warning',
      detail: 'mosaics are made with reproject, which takes about three times as long',
    },
    mend: byApt('swarp'),
  });

const aoflagger = (): Promise<Finding> =>
  checkProgram({
    component: 'aoflagger',
    path: onPath(['aoflagger']),
    args: ['--version'],
    pattern: /AOFlagger (\S+)/i,
    whenMissing: { status: 'warning', detail: 'only its Python module is used; the program is for looking at flags' },
    mend: byApt('aoflagger'),
  });

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

/** Every program, in the order of the set-up. */
export async function programFindings(paths: HomePaths): Promise<Finding[]> {
  const asked = await Promise.all([uv(paths), temporal(paths), setpriv(), wsclean(), swarp(), aoflagger()]);
  return [node(), postgres(paths), ...asked];
}
