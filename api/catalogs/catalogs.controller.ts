import { Controller } from '@nestjs/common';
import { listCatalogs, searchCatalog } from '../contracts/catalogs.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { CatalogsService } from './catalogs.service.ts';

@Controller()
export class CatalogsController {
  private readonly catalogs: CatalogsService;

  constructor(catalogs: CatalogsService) {
    this.catalogs = catalogs;
  }

  @Route(listCatalogs)
  list(): Promise<OperationResult<typeof listCatalogs>> {
    return this.catalogs.list();
  }

  @Route(searchCatalog)
  search(
    @Input(searchCatalog) input: OperationInput<typeof searchCatalog>,
  ): Promise<OperationResult<typeof searchCatalog>> {
    return this.catalogs.search(input.params.name, input.query);
  }
}
