/**
 * Builds the workflow bundle: `node worker/bundle.ts [FILE]` or, from a build, `node dist/worker/bundle.js`.
 *
 * A worker with a bundle made beforehand starts in half the time and with half the memory.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOW_BUNDLE } from '../config/paths.ts';

const here = fileURLToPath(import.meta.url);
/** A build is bundled from its own files into its own folder, before it takes the place of `dist/`. */
const built = here.endsWith('.js');

const workflowsPath = join(dirname(here), '..', 'workflows', built ? 'index.js' : 'index.ts');
const [given] = process.argv.slice(2);
const target = given ?? (built ? join(dirname(here), '..', 'workflow-bundle.js') : WORKFLOW_BUNDLE);

const { code } = await bundleWorkflowCode({ workflowsPath, logger: quietLogger() });
writeFileSync(target, code);

function quietLogger() {
  const report = (message: string): void => console.error(message);
  const ignore = (): void => undefined;
  return { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: report, error: report };
}
