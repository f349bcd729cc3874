/** What every module may ask for: options, the registry, the Temporal client, the stop signal. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TemporalService } from '../temporal/temporal.service.ts';
import { GatewayOptions } from './options.ts';
import { Registry } from './registry.ts';
import { Stopping } from './stopping.ts';

@Module({})
export class RuntimeModule {
  static register(options: GatewayOptions): DynamicModule {
    const providers = [Registry, TemporalService, Stopping];
    return {
      module: RuntimeModule,
      global: true,
      providers: [{ provide: GatewayOptions, useValue: options }, ...providers],
      exports: [GatewayOptions, ...providers],
    };
  }
}
