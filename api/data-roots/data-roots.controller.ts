import { Controller } from '@nestjs/common';
import { listDataRoots, registerDataRoot } from '../contracts/data-roots.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { DataRootsService } from './data-roots.service.ts';

@Controller()
export class DataRootsController {
  private readonly dataRoots: DataRootsService;

  constructor(dataRoots: DataRootsService) {
    this.dataRoots = dataRoots;
  }

  @Route(registerDataRoot)
  register(
    @Input(registerDataRoot) input: OperationInput<typeof registerDataRoot>,
  ): Promise<OperationResult<typeof registerDataRoot>> {
    return this.dataRoots.register(input.body);
  }

  @Route(listDataRoots)
  list(): Promise<OperationResult<typeof listDataRoots>> {
    return this.dataRoots.list();
  }
}
