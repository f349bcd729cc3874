/** Reading what a stage left, and believing none of it unseen. */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { MeridianError } from '../../domain/errors.ts';
import { STAGE_VERSIONS, type OutputFile, type StageName, type StageResult } from '../../domain/generated/stages.ts';
import { describeContent } from '../store/content-hash.ts';

/**
 * Read `result.json` and check it against the files: each output is there, inside the work folder, with the size and
 * hash that the stage measured.
 *
 * @throws MeridianError OUTPUT_CORRUPT naming what is wrong.
 */
export async function readResult<S extends StageName>(stage: S, workdir: string): Promise<StageResult<S>> {
  const result = parseResult<S>(await readFile(join(workdir, 'result.json'), 'utf8').catch(() => ''), stage);
  for (const output of result.outputs) await checkOutput(stage, workdir, output);
  return result;
}

function parseResult<S extends StageName>(text: string, stage: S): StageResult<S> {
  let document: Partial<StageResult<S>>;
  try {
    document = JSON.parse(text) as Partial<StageResult<S>>;
  } catch (cause) {
    throw corrupt(stage, `${stage} ended well but left no readable result.json`, cause);
  }
  if (document.stage !== stage) throw corrupt(stage, `the result is one of ${String(document.stage)}, not of ${stage}`);
  if (document.stage_version !== STAGE_VERSIONS[stage]) {
    const versions = `${String(document.stage_version)}, this release expects ${STAGE_VERSIONS[stage]}`;
    throw corrupt(stage, `the result of ${stage} has version ${versions}; run the setup again`);
  }
  const { outputs, summary } = document;
  if (!Array.isArray(outputs) || typeof summary !== 'object' || summary === null) {
    throw corrupt(stage, `the result of ${stage} lacks its outputs or its summary`);
  }
  return document as StageResult<S>;
}

async function checkOutput(stage: StageName, workdir: string, output: OutputFile): Promise<void> {
  const path = join(workdir, output.path);
  const named = `output ${output.role} of ${stage} (${output.path})`;
  const inside = relative(workdir, path);
  if (isAbsolute(output.path) || inside === '' || inside.startsWith('..')) {
    throw corrupt(stage, `${named} lies outside the work folder`);
  }
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) throw corrupt(stage, `${named} is not there`);
  if (facts.isSymbolicLink() || (await realpath(path)) !== join(await realpath(workdir), inside)) {
    throw corrupt(stage, `${named} is a link; outputs must lie in the work folder`);
  }
  const content = await describeContent(path);
  if (content.kind !== output.kind || content.sizeBytes !== output.size_bytes) {
    const found = `${content.kind} of ${content.sizeBytes} bytes`;
    throw corrupt(stage, `${named} is a ${found}; the stage wrote a ${output.kind} of ${output.size_bytes} bytes`);
  }
  if (content.sha256 !== output.sha256)
    throw corrupt(stage, `the contents of ${named} are not those that the stage wrote`);
}

const corrupt = (stage: StageName, message: string, cause?: unknown): MeridianError =>
  new MeridianError('OUTPUT_CORRUPT', message, { stage }, { cause });
