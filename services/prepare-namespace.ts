/** `node dist/services/prepare-namespace.js`: makes a Temporal server ready for us, where no supervisor does it. */
import { MeridianError } from '../domain/errors.ts';
import { loadConfig } from '../config/index.ts';
import { prepareNamespace } from './temporal.ts';

async function main(): Promise<void> {
  const { address, namespace } = loadConfig().temporal;
  if (!address)
    throw new MeridianError('CONFIG_INVALID', 'TEMPORAL_ADDRESS is not set', { setting: 'temporal.address' });
  await prepareNamespace(address, namespace);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
