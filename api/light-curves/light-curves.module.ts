import { Module } from '@nestjs/common';
import { LedgerService } from './ledger.service.ts';
import { LightCurvesController } from './light-curves.controller.ts';
import { LightCurvesService } from './light-curves.service.ts';

@Module({
  controllers: [LightCurvesController],
  providers: [LightCurvesService, LedgerService],
  exports: [LightCurvesService],
})
export class LightCurvesModule {}
