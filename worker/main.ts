/** The worker: `node dist/worker/main.js`. Everything it needs comes from the configuration. */
import { enableCompileCache } from 'node:module';

// Compiled code is kept from one start to the next: a worker that was killed is back sooner.
enableCompileCache?.();

const { loadConfig } = await import('../config/index.ts');
const { MeridianError } = await import('../domain/errors.ts');
const { runWorker } = await import('./worker-process.ts');

try {
  await runWorker(loadConfig());
} catch (error) {
  const known = error instanceof MeridianError ? `${error.code}: ${error.message} ${error.advice}` : error;
  console.error(known);
  process.exitCode = 1;
}
