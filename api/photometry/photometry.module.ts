import { Module } from '@nestjs/common';
import { PhotometryController } from './photometry.controller.ts';
import { PhotometryService } from './photometry.service.ts';

@Module({ controllers: [PhotometryController], providers: [PhotometryService] })
export class PhotometryModule {}
