import { Module } from '@nestjs/common';
import { ExplainService } from './explain.service.ts';
import { PlannerService } from './planner.service.ts';
import { ScheduleController } from './schedule.controller.ts';
import { ScheduleService } from './schedule.service.ts';

@Module({ controllers: [ScheduleController], providers: [ScheduleService, PlannerService, ExplainService] })
export class ScheduleModule {}
