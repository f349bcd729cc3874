/** The gateway, put together: a module per resource over the registry and the Temporal client. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CalibratorsModule } from './calibrators/calibrators.module.ts';
import { CaltablesModule } from './caltables/caltables.module.ts';
import { CatalogsModule } from './catalogs/catalogs.module.ts';
import { DataRootsModule } from './data-roots/data-roots.module.ts';
import { EseModule } from './ese/ese.module.ts';
import { HealthModule } from './health/health.module.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { LightCurvesModule } from './light-curves/light-curves.module.ts';
import { MosaicPlansModule } from './mosaic-plans/mosaic-plans.module.ts';
import { MosaicsModule } from './mosaics/mosaics.module.ts';
import { PhotometryModule } from './photometry/photometry.module.ts';
import { GatewayOptions } from './runtime/options.ts';
import { RuntimeModule } from './runtime/runtime.module.ts';
import { ScheduleModule } from './schedule/schedule.module.ts';
import { StreamingModule } from './streaming/streaming.module.ts';

@Module({})
export class AppModule {
  static register(options: GatewayOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        RuntimeModule.register(options),
        HealthModule,
        MosaicsModule,
        MosaicPlansModule,
        JobsModule,
        CalibratorsModule,
        CaltablesModule,
        CatalogsModule,
        DataRootsModule,
        StreamingModule,
        ScheduleModule,
        PhotometryModule,
        LightCurvesModule,
        EseModule,
      ],
    };
  }
}
