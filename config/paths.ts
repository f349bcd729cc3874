/** Where things lie below MERIDIAN_HOME and in the checkout: the one place that builds these paths. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: the nearest folder above this file (in `config/` or `dist/config/`) that holds package.json. */
function findCheckout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const CHECKOUT: string = findCheckout();

/** Name of the workflow bundle in `dist/`. */
export const WORKFLOW_BUNDLE: string = join(CHECKOUT, 'dist', 'workflow-bundle.js');

/** MERIDIAN_HOME, absolute; `.meridian` in the checkout if the variable is not set. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['MERIDIAN_HOME'] ?? join(CHECKOUT, '.meridian'));
}

/** Every folder and file with a fixed place below a home. */
export function homePaths(home: string) {
  const run = join(home, 'run');
  const venv = join(home, 'venv');
  return {
    home,
    configFile: join(home, 'config.yaml'),
    run,
    logs: join(home, 'logs'),
    pg: join(home, 'pg'),
    temporal: join(home, 'temporal'),
    work: join(home, 'work'),
    staging: join(home, 'staging'),
    store: join(home, 'store'),
    published: join(home, 'published'),
    cache: join(home, 'cache'),
    tools: join(home, 'tools'),
    venv,
    python: join(venv, 'bin', 'python'),
    /** PYTHONPATH of every stage process. */
    pythonPath: join(CHECKOUT, 'compute'),
    portsFile: join(run, 'ports.json'),
    servicesFile: join(run, 'services.json'),
    supervisorLock: join(run, 'supervisor.json'),
    /** Written by the worker itself when it is ready, and every few seconds. */
    workerReport: join(run, 'worker.json'),
    postgresPassword: join(home, 'pg', 'password'),
  };
}

export type HomePaths = ReturnType<typeof homePaths>;
