import { Module } from '@nestjs/common';
import { CatalogsController } from './catalogs.controller.ts';
import { CatalogsService } from './catalogs.service.ts';

@Module({ controllers: [CatalogsController], providers: [CatalogsService] })
export class CatalogsModule {}
