import { Module } from '@nestjs/common';
import { DataRootsModule } from '../data-roots/data-roots.module.ts';
import { GroupsService } from './groups.service.ts';
import { StreamingController } from './streaming.controller.ts';
import { StreamingService } from './streaming.service.ts';

@Module({
  imports: [DataRootsModule],
  controllers: [StreamingController],
  providers: [StreamingService, GroupsService],
})
export class StreamingModule {}
