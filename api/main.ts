/** Runs the gateway until it is told to stop: `node dist/api/main.js`. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, loadConfig } from '../config/index.ts';
import type { MeridianConfig } from '../config/index.ts';
import { MeridianError } from '../domain/errors.ts';
import { createGateway } from './app.ts';
import { GatewayLogger } from './runtime/logger.ts';
import { GatewayOptions } from './runtime/options.ts';

function required<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new MeridianError('CONFIG_INVALID', `the gateway does not know the ${what}; start it with: meridian up`);
}

const productVersion = (): string =>
  (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version;

/** The gateway's part of the configuration. */
export function gatewayOptions(config: MeridianConfig): GatewayOptions {
  const { temporal, paths, gateway, compute } = config;
  return new GatewayOptions({
    host: gateway.host,
    port: required(gateway.port, 'port to listen on'),
    version: productVersion(),
    databaseUrl: required(config.databaseUrl, 'address of PostgreSQL'),
    temporal: {
      address: required(temporal.address, 'address of Temporal'),
      namespace: temporal.namespace,
      queuePrefix: temporal.queuePrefix,
    },
    stagePolicies: config.stagePolicies,
    storeRoots: { store: paths.store, published: paths.published },
    dataRoots: config.dataRoots,
    computeSlots: Math.max(compute.cores, 1),
  });
}

async function main(): Promise<void> {
  const config = loadConfig();
  const options = gatewayOptions(config);
  const logger = new GatewayLogger(config.logLevel);
  const app = await createGateway(options, logger);
  app.enableShutdownHooks();
  await app.listen({ port: options.port, host: options.host });
  logger.log(`listening on http://${options.host}:${options.port}`, 'gateway');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`gateway: ${error instanceof MeridianError ? error.message : String((error as Error).stack)}\n`);
  process.exit(error instanceof MeridianError ? error.exitStatus : 1);
}
