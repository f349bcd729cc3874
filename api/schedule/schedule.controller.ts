import { Controller } from '@nestjs/common';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import {
  addToSchedule,
  backfillSchedule,
  explainSchedule,
  getSchedule,
  pauseSchedule,
  removeFromSchedule,
  resumeSchedule,
  triggerSchedule,
} from '../contracts/schedule.ts';
import { Input, Route } from '../http/route.ts';
import { ExplainService } from './explain.service.ts';
import { ScheduleService } from './schedule.service.ts';

type ScheduleAnswer = Promise<OperationResult<typeof getSchedule>>;
type PlanAnswer = Promise<OperationResult<typeof triggerSchedule>>;

@Controller()
export class ScheduleController {
  private readonly schedule: ScheduleService;
  private readonly explanations: ExplainService;

  constructor(schedule: ScheduleService, explanations: ExplainService) {
    this.schedule = schedule;
    this.explanations = explanations;
  }

  @Route(getSchedule)
  show(@Input(getSchedule) { query }: OperationInput<typeof getSchedule>): ScheduleAnswer {
    return this.schedule.show(query);
  }

  @Route(addToSchedule)
  add(@Input(addToSchedule) { body }: OperationInput<typeof addToSchedule>): ScheduleAnswer {
    return this.schedule.add(body);
  }

  @Route(removeFromSchedule)
  remove(@Input(removeFromSchedule) { body }: OperationInput<typeof removeFromSchedule>): ScheduleAnswer {
    return this.schedule.remove(body);
  }

  @Route(pauseSchedule)
  pause(@Input(pauseSchedule) { body }: OperationInput<typeof pauseSchedule>): ScheduleAnswer {
    return this.schedule.pause(body);
  }

  @Route(resumeSchedule)
  resume(@Input(resumeSchedule) { body }: OperationInput<typeof resumeSchedule>): ScheduleAnswer {
    return this.schedule.resume(body);
  }

  @Route(triggerSchedule)
  trigger(@Input(triggerSchedule) { body }: OperationInput<typeof triggerSchedule>): PlanAnswer {
    return this.schedule.trigger(body);
  }

  @Route(backfillSchedule)
  backfill(@Input(backfillSchedule) { body }: OperationInput<typeof backfillSchedule>): PlanAnswer {
    return this.schedule.backfill(body);
  }

  @Route(explainSchedule)
  explain(
    @Input(explainSchedule) { query }: OperationInput<typeof explainSchedule>,
  ): Promise<OperationResult<typeof explainSchedule>> {
    return this.explanations.explain(query);
  }
}
