import { Module } from '@nestjs/common';
import { DataRootsController } from './data-roots.controller.ts';
import { DataRootsService } from './data-roots.service.ts';

@Module({ controllers: [DataRootsController], providers: [DataRootsService], exports: [DataRootsService] })
export class DataRootsModule {}
