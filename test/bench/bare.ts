/** The stages of a tile run bare: the same specs, one process after the other, without workflow or registry. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonProgram } from '../../activities/stage-runner/index.ts';
import type { OutputFile } from '../../domain/generated/stages.ts';
import { openRegistry } from '../../registry/index.ts';
import type { Product } from '../../registry/index.ts';
import type { Setting } from './setting.ts';

/** An attempt of a stage that committed. */
export interface Attempt {
  readonly stage: string;
  /** Where its spec and its result are. */
  readonly logFolder: string;
  readonly products: readonly Product[];
}

/** Attempts that committed between two times, in order. */
export async function attemptsBetween(setting: Setting, from: string, to: string): Promise<Attempt[]> {
  const { databaseUrl, paths } = setting.config;
  const storeRoots = { store: paths.store, published: paths.published };
  const registry = openRegistry({ databaseUrl: databaseUrl ?? '', applicationName: 'meridian-bench', storeRoots });
  try {
    const rows = await registry.db
      .selectFrom('effectAttempts')
      .innerJoin('effects', 'effects.key', 'effectAttempts.effectKey')
      .select(['effects.key', 'effects.stage', 'effects.version', 'effectAttempts.logFolder'])
      .where('effectAttempts.state', '=', 'done')
      .where('effectAttempts.startedAt', '>=', from)
      .where('effectAttempts.startedAt', '<', to)
      .orderBy('effectAttempts.startedAt')
      .execute();
    const attempts: Attempt[] = [];
    for (const { key, stage, version, logFolder } of rows) {
      if (logFolder === null) continue;
      attempts.push({ stage, logFolder, products: await registry.products.ofEffect(key, version) });
    }
    return attempts;
  } finally {
    await registry.close();
  }
}

/** What the stage that ended with this status had to say. */
function complaint(workdir: string): string {
  const failure = join(workdir, 'failure.json');
  return existsSync(failure)
    ? readFileSync(failure, 'utf8')
    : readFileSync(join(workdir, 'bare.log'), 'utf8').slice(-2000);
}

/** Paths of an attempt's products, each with that of the bare result. */
function counterparts({ products }: Attempt, workdir: string): [string, string][] {
  const { outputs } = JSON.parse(readFileSync(join(workdir, 'result.json'), 'utf8')) as { outputs: OutputFile[] };
  const committed = products.flatMap(({ files }) => files);
  return outputs.flatMap(({ role, path }) =>
    committed.filter((file) => file.role === role).map((file): [string, string] => [file.path, join(workdir, path)]),
  );
}

/** Seconds of the attempts' specs run bare. What one of them made is the input of the next. */
export async function secondsBare({ config }: Setting, attempts: readonly Attempt[]): Promise<number> {
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
  const made = new Map<string, string>();
  const withBareInputs = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? (made.get(value) ?? value) : value;
  try {
    const started = performance.now();
    for (const [index, attempt] of attempts.entries()) {
      const workdir = join(folder, String(index));
      mkdirSync(workdir);
      const spec = join(workdir, 'spec.json');
      const given: unknown = JSON.parse(readFileSync(join(attempt.logFolder, 'spec.json'), 'utf8'));
      writeFileSync(spec, JSON.stringify(given, withBareInputs));
      const log = openSync(join(workdir, 'bare.log'), 'w');
      const args = [...module, attempt.stage, '--spec', spec, '--workdir', workdir];
      const child = spawn(python, args, { cwd: workdir, env, stdio: ['ignore', log, log] });
      const [status] = (await once(child, 'exit')) as [number | null];
      if (status !== 0) throw new Error(`${attempt.stage} run bare ended with status ${status}: ${complaint(workdir)}`);
      for (const [committed, bare] of counterparts(attempt, workdir)) made.set(committed, bare);
    }
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
