import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { MosaicPlansController } from './mosaic-plans.controller.ts';
import { MosaicPlansService } from './mosaic-plans.service.ts';

@Module({ imports: [JobsModule], controllers: [MosaicPlansController], providers: [MosaicPlansService] })
export class MosaicPlansModule {}
