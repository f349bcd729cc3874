import { Module } from '@nestjs/common';
import { DataRootsModule } from '../data-roots/data-roots.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { MosaicControlService } from './mosaic-control.service.ts';
import { MosaicReadService } from './mosaic-read.service.ts';
import { MosaicsController } from './mosaics.controller.ts';
import { MosaicsService } from './mosaics.service.ts';
import { ScanService } from './scan.ts';
import { TargetService } from './target.service.ts';

@Module({
  imports: [DataRootsModule, JobsModule],
  controllers: [MosaicsController],
  providers: [MosaicsService, MosaicReadService, MosaicControlService, TargetService, ScanService],
})
export class MosaicsModule {}
