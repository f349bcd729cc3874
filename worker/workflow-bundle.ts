/** The prebuilt workflow bundle and the hash by which people recognise it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { WORKFLOW_BUNDLE } from '../config/paths.ts';
import { MeridianError } from '../domain/errors.ts';

export interface WorkflowBundleFile {
  readonly codePath: string;
  /** First 12 digits of the SHA-256 of the file. */
  readonly hash: string;
}

/**
 * The bundle of this build, or the one that MERIDIAN_WORKFLOW_BUNDLE names (tests bundle the present sources).
 *
 * @throws MeridianError FILE_MISSING if no bundle was built.
 */
export function readWorkflowBundle(
  codePath = process.env['MERIDIAN_WORKFLOW_BUNDLE'] ?? WORKFLOW_BUNDLE,
): WorkflowBundleFile {
  try {
    return { codePath, hash: createHash('sha256').update(readFileSync(codePath)).digest('hex').slice(0, 12) };
  } catch (cause) {
    throw new MeridianError(
      'FILE_MISSING',
      `there is no workflow bundle at ${codePath}; run \`npm run build\``,
      { file: codePath },
      { cause },
    );
  }
}
