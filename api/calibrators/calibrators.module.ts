import { Module } from '@nestjs/common';
import { CalibratorsController } from './calibrators.controller.ts';
import { CalibratorsService } from './calibrators.service.ts';

@Module({ controllers: [CalibratorsController], providers: [CalibratorsService] })
export class CalibratorsModule {}
