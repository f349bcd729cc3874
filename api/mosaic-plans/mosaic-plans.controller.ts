import { Controller } from '@nestjs/common';
import { buildMosaicPlan, createMosaicPlan, getMosaicPlan, listMosaicPlans } from '../contracts/mosaic-plans.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { Input, Route } from '../http/route.ts';
import { MosaicPlansService } from './mosaic-plans.service.ts';

@Controller()
export class MosaicPlansController {
  private readonly plans: MosaicPlansService;

  constructor(plans: MosaicPlansService) {
    this.plans = plans;
  }

  @Route(createMosaicPlan)
  create(
    @Input(createMosaicPlan) input: OperationInput<typeof createMosaicPlan>,
  ): Promise<OperationResult<typeof createMosaicPlan>> {
    return this.plans.create(input.body);
  }

  @Route(listMosaicPlans)
  list(): Promise<OperationResult<typeof listMosaicPlans>> {
    return this.plans.list();
  }

  @Route(getMosaicPlan)
  get(
    @Input(getMosaicPlan) input: OperationInput<typeof getMosaicPlan>,
  ): Promise<OperationResult<typeof getMosaicPlan>> {
    return this.plans.get(input.params.name);
  }

  @Route(buildMosaicPlan)
  build(
    @Input(buildMosaicPlan) input: OperationInput<typeof buildMosaicPlan>,
  ): Promise<OperationResult<typeof buildMosaicPlan>> {
    return this.plans.build(input.params.name, input.body);
  }
}
