import { Module } from '@nestjs/common';
import { CaltablesController } from './caltables.controller.ts';
import { CaltablesService } from './caltables.service.ts';

@Module({ controllers: [CaltablesController], providers: [CaltablesService] })
export class CaltablesModule {}
