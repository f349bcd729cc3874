import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { getHealth, getLive, getReady } from '../contracts/health.ts';
import type { OperationResult } from '../contracts/operation.ts';
import { Route } from '../http/route.ts';
import { HealthService } from './health.service.ts';

@Controller()
export class HealthController {
  private readonly health: HealthService;

  constructor(health: HealthService) {
    this.health = health;
  }

  @Route(getHealth)
  state(): Promise<OperationResult<typeof getHealth>> {
    return this.health.check();
  }

  @Route(getLive)
  live(): OperationResult<typeof getLive> {
    return this.health.live();
  }

  @Route(getReady)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<OperationResult<typeof getReady>> {
    const health = await this.health.check();
    void reply.status(health.status === 'ok' ? 200 : 503);
    return health;
  }
}
