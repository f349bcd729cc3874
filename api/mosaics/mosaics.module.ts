import { Module } from '@nestjs/common';
import { MosaicsController } from './mosaics.controller.ts';
import { MosaicsService } from './mosaics.service.ts';

@Module({ controllers: [MosaicsController], providers: [MosaicsService] })
export class MosaicsModule {}
