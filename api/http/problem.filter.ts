/** The one place where an error becomes an answer. */
import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from './problem.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('gateway');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error, request.url.split('?', 1)[0] ?? request.url);
    if (problem.status >= 500 && problem.status !== 503) {
      this.logger.error({
        message: `${request.method} ${problem.instance}: ${String(error)}`,
        stack: (error as Error)?.stack,
      });
    }
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (problem.retry_after_seconds !== undefined)
      void reply.header('retry-after', String(problem.retry_after_seconds));
    void reply.status(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
  }
}
