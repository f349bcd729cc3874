/**
 * A program that keeps the contract of a stage process and does what a script tells it, to test what runs stages. The
 * script is the first input file of a `convert` spec. Run: `node stand-in-stage.ts <stage> --spec FILE --workdir DIR`.
 */
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeContent } from '../../activities/store/content-hash.ts';
import { STAGE_VERSIONS, type StageName } from '../../domain/generated/stages.ts';

export interface StageScript {
  /** Text of each file to write, by path in the work folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Path of each output, by role. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly sleepMs?: number;
  readonly summary?: unknown;
  readonly failure?: { readonly code: string; readonly message: string; readonly context?: object };
  readonly exitCode?: number;
  readonly killItself?: NodeJS.Signals;
  /** Makes the result say something else than what is there. */
  readonly lie?: 'hash' | 'size' | 'version' | 'missing' | 'outside' | 'link' | 'no-result';
  readonly ignoreTerm?: boolean;
}

const [stage = '', , specPath = '', , workdir = ''] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(specPath, 'utf8')) as { files: string[] };
const scriptPath = spec.files[0] ?? '';
const script = JSON.parse(readFileSync(scriptPath, 'utf8')) as StageScript;

const say = (fraction: number, message: string): void =>
  appendFileSync(join(workdir, 'events.jsonl'), `${JSON.stringify({ at: 0, kind: 'progress', fraction, message })}\n`);

process.stderr.write('a line of log\n');
if (script.ignoreTerm === true) process.on('SIGTERM', () => undefined);
// Last of what a test may wait for: whoever sees it may kill us.
appendFileSync(`${scriptPath}.runs`, `${process.pid}\n`);
say(0.25, 'begun');
for (const [path, text] of Object.entries(script.files ?? {})) {
  mkdirSync(dirname(join(workdir, path)), { recursive: true });
  writeFileSync(join(workdir, path), text);
}
await sleep(script.sleepMs ?? 0);
if (script.killItself !== undefined) process.kill(process.pid, script.killItself);
if (script.failure !== undefined) {
  writeFileSync(
    join(workdir, 'failure.json'),
    JSON.stringify({ context: {}, ...script.failure }).replaceAll('WORKDIR', workdir),
  );
}
if (script.exitCode !== undefined) process.exit(script.exitCode);
if (script.lie !== 'no-result') writeFileSync(join(workdir, 'result.json'), JSON.stringify(await result()));
say(1, 'done');

async function result(): Promise<unknown> {
  const outputs = [];
  for (const [role, path] of Object.entries(script.outputs ?? {})) {
    const { kind, sizeBytes, sha256 } = await describeContent(join(workdir, path));
    outputs.push(lied({ role, path, kind, size_bytes: sizeBytes, sha256 }));
  }
  return {
    stage,
    stage_version: STAGE_VERSIONS[stage as StageName] + (script.lie === 'version' ? 1 : 0),
    outputs,
    summary: script.summary ?? {},
    warnings: ['few baselines'],
    tools: { stand_in: '1.0' },
    wall_seconds: 0.1,
    peak_rss_bytes: 1000,
  };
}

function lied(output: { role: string; path: string; kind: string; size_bytes: number; sha256: string }): unknown {
  if (script.lie === 'hash') return { ...output, sha256: '0'.repeat(64) };
  if (script.lie === 'size') return { ...output, size_bytes: output.size_bytes + 1 };
  if (script.lie === 'missing') return { ...output, path: 'nowhere' };
  if (script.lie === 'outside') return { ...output, path: '../outside' };
  if (script.lie !== 'link') return output;
  symlinkSync(join(workdir, output.path), join(workdir, 'link'));
  return { ...output, path: 'link' };
}
