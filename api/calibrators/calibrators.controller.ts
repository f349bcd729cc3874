import { Controller } from '@nestjs/common';
import { listCalibrators, listTransits } from '../contracts/calibrators.ts';
import { Input, Route } from '../http/route.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { CalibratorsService } from './calibrators.service.ts';

@Controller()
export class CalibratorsController {
  private readonly calibrators: CalibratorsService;

  constructor(calibrators: CalibratorsService) {
    this.calibrators = calibrators;
  }

  @Route(listCalibrators)
  list(@Input(listCalibrators) input: OperationInput<typeof listCalibrators>): OperationResult<typeof listCalibrators> {
    return this.calibrators.list(input.query);
  }

  @Route(listTransits)
  transits(
    @Input(listTransits) input: OperationInput<typeof listTransits>,
  ): Promise<OperationResult<typeof listTransits>> {
    return this.calibrators.transits(input.params.name, input.query);
  }
}
