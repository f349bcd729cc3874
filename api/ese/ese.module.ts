import { Module } from '@nestjs/common';
import { LightCurvesModule } from '../light-curves/light-curves.module.ts';
import { EseController } from './ese.controller.ts';
import { EseService } from './ese.service.ts';

@Module({ imports: [LightCurvesModule], controllers: [EseController], providers: [EseService] })
export class EseModule {}
