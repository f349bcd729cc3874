import { Controller } from '@nestjs/common';
import { listActiveCaltables, listCaltables } from '../contracts/caltables.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { CaltablesService } from './caltables.service.ts';

@Controller()
export class CaltablesController {
  private readonly caltables: CaltablesService;

  constructor(caltables: CaltablesService) {
    this.caltables = caltables;
  }

  @Route(listActiveCaltables)
  active(
    @Input(listActiveCaltables) input: OperationInput<typeof listActiveCaltables>,
  ): Promise<OperationResult<typeof listActiveCaltables>> {
    return this.caltables.active(input.query);
  }

  @Route(listCaltables)
  list(
    @Input(listCaltables) input: OperationInput<typeof listCaltables>,
  ): Promise<OperationResult<typeof listCaltables>> {
    return this.caltables.list(input.query);
  }
}
