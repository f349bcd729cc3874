/** The Python environment: its interpreter and the packages that stages cannot do without. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { HomePaths } from '../../config/index.ts';
import { ok, type Finding } from './probe.ts';

const LIMIT_MS = 60_000;
const PACKAGES = [
  'numpy',
  'h5py',
  'astropy',
  'python-casacore',
  'casatools',
  'casatasks',
  'casadata',
  'aoflagger',
  'AegeanTools',
  'reproject',
  'pyuvdata',
];

/** Asks for installed versions, which takes no import, and imports what is compiled against the machine's libraries. */
const QUESTION = `
import json, sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from meridian_compute.casa_env import prepare_casa_environment
prepare_casa_environment(Path(sys.argv[1]), 1)
found = {}
for name in sys.argv[2:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        found[name] = None
broken = {}
for module in ("h5py", "casacore.tables", "casatools", "aoflagger"):
    try:
        __import__(module)
    except Exception as error:
        broken[module] = f"{type(error).__name__}: {error}"
print(json.dumps({"python": sys.version.split()[0], "found": found, "broken": broken}))
`;

interface Answer {
  readonly python: string;
  readonly found: Readonly<Record<string, string | null>>;
  readonly broken: Readonly<Record<string, string>>;
}

/** The interpreter, then one finding for all packages, with the missing and broken ones named; CASA writes to `scratch`. */
export async function pythonFindings(paths: HomePaths, scratch: string): Promise<Finding[]> {
  const mend = `remove ${paths.venv} and call ./meridian again: set-up makes it anew`;
  const missing: Finding = { component: 'python', status: 'error', version: null, path: null, detail: null, mend };
  if (!existsSync(paths.python)) return [{ ...missing, detail: `there is no ${paths.python}` }];
  try {
    const answer = await ask(paths, scratch);
    return [ok('python', answer.python, paths.python), packages(answer, { paths, mend })];
  } catch (error) {
    return [{ ...missing, path: paths.python, detail: (error as Error).message.split('\n').at(-1) ?? null }];
  }
}

async function ask(paths: HomePaths, scratch: string): Promise<Answer> {
  const env = { ...process.env, PYTHONPATH: paths.pythonPath };
  const args = ['-c', QUESTION, scratch, ...PACKAGES];
  const { stdout } = await promisify(execFile)(paths.python, args, { env, timeout: LIMIT_MS });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
}

function packages({ found, broken }: Answer, { paths, mend }: { paths: HomePaths; mend: string }): Finding {
  const version = Object.entries(found)
    .map(([name, installed]) => `${name} ${installed ?? 'missing'}`)
    .join(', ');
  const troubles = [
    ...Object.entries(found)
      .filter(([, installed]) => installed === null)
      .map(([name]) => `${name} is not installed`),
    ...Object.entries(broken).map(([name, reason]) => `${name} does not load (${reason})`),
  ];
  const finding = { ...ok('python packages', version, paths.venv) };
  return troubles.length === 0 ? finding : { ...finding, status: 'error', detail: troubles.join('; '), mend };
}
