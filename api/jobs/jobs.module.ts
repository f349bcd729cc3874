import { Module } from '@nestjs/common';
import { JobLogService } from './job-log.service.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';

@Module({ controllers: [JobsController], providers: [JobsService, JobLogService], exports: [JobsService] })
export class JobsModule {}
