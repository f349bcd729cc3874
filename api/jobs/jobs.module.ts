import { Module } from '@nestjs/common';
import { JobLogService } from './job-log.service.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';
import { StageJobsService } from './stage-jobs.service.ts';

@Module({
  controllers: [JobsController],
  providers: [JobsService, JobLogService, StageJobsService],
  exports: [JobsService, StageJobsService],
})
export class JobsModule {}
