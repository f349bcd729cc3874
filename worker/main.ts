/** The worker: `node dist/worker/main.js`. Everything it needs comes from the configuration. */
import { enableCompileCache } from 'node:module';

// Compiled code is kept from one start to the next: a worker that was killed is back sooner.
enableCompileCache?.();

// One file in dist/: whatever is imported here beside it would be loaded twice.
const { main } = await import('./worker-process.ts');
await main();
