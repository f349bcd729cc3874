import { Controller } from '@nestjs/common';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { listPhotometryRuns, measureProduct } from '../contracts/photometry.ts';
import { Input, Route } from '../http/route.ts';
import { PhotometryService } from './photometry.service.ts';

@Controller()
export class PhotometryController {
  private readonly photometry: PhotometryService;

  constructor(photometry: PhotometryService) {
    this.photometry = photometry;
  }

  @Route(measureProduct)
  measure(
    @Input(measureProduct) { params, body }: OperationInput<typeof measureProduct>,
  ): Promise<OperationResult<typeof measureProduct>> {
    return this.photometry.measure(params.id, body);
  }

  @Route(listPhotometryRuns)
  list(
    @Input(listPhotometryRuns) { params }: OperationInput<typeof listPhotometryRuns>,
  ): Promise<OperationResult<typeof listPhotometryRuns>> {
    return this.photometry.list(params.id);
  }
}
