/** What every module may ask for: options, the registry, the Temporal client, wakes of followers. */
import { Logger, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Registry, openRegistry } from '../../registry/index.ts';
import { TemporalService } from '../temporal/temporal.service.ts';
import { ConfiguredRoots } from './configured-roots.ts';
import { JobWakes } from './job-wakes.ts';
import { GatewayOptions } from './options.ts';

const MAX_CONNECTIONS = 12;

/** What the registry is told about this process. */
export const connectionOptions = (options: GatewayOptions) => ({
  databaseUrl: options.databaseUrl,
  applicationName: 'meridian-gateway',
  maxConnections: MAX_CONNECTIONS,
  onIdleError: (error: Error) => new Logger('registry').warn(error.message),
});

@Module({})
export class RuntimeModule implements OnApplicationShutdown {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  static register(options: GatewayOptions): DynamicModule {
    const registry = {
      provide: Registry,
      useFactory: () => openRegistry({ ...connectionOptions(options), storeRoots: options.storeRoots }),
    };
    const services = [TemporalService, JobWakes, ConfiguredRoots];
    return {
      module: RuntimeModule,
      global: true,
      providers: [{ provide: GatewayOptions, useValue: options }, registry, ...services],
      exports: [GatewayOptions, Registry, TemporalService, JobWakes],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.registry.close();
  }
}
