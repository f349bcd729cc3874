/** Builds the gateway; `main.ts` and the tests listen with it. */
import type { IncomingMessage, Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LoggerService } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { openApiDocument } from './contracts/openapi.ts';
import { isLoopbackHost, requireLoopback } from './http/loopback.ts';
import { PROBLEM_TYPE, ProblemFilter } from './http/problem.filter.ts';
import { problemOf } from './http/problem.ts';
import type { GatewayOptions } from './runtime/options.ts';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Ids in paths may be URL-encoded file paths. */
const LONGEST_PATH_PARAMETER = 4096;
/** A request must be here, head and body, within this time. */
const REQUEST_TIMEOUT_MS = 30_000;

/** `/api/v1/…` is the same as `/api/…`. */
const withoutVersion = (url: string): string => url.replace(/^\/api\/v1(?=\/|$|\?)/, '/api');

/** Errors from before a route is found: a broken URL, say. */
function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.url);
  void reply.status(problem.status).header('content-type', PROBLEM_TYPE).send(problem);
}

function createAdapter(options: GatewayOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // While it stops, what comes on an open connection is still answered.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    rewriteUrl: (request: IncomingMessage) => withoutVersion(request.url ?? '/'),
    frameworkErrors: answerFrameworkError,
  } as FastifyHttpOptions<Server>);
  // JSON is the only language of bodies; anything else is 415.
  adapter.getInstance().removeContentTypeParser('text/plain');
  if (isLoopbackHost(options.host)) {
    adapter.getInstance().addHook('onRequest', (request, _reply, done) => {
      requireLoopback(request.headers);
      done();
    });
  }
  return adapter;
}

/** The application, not yet listening. */
export async function createGateway(
  options: GatewayOptions,
  logger: LoggerService | false = false,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(options), createAdapter(options), {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  const document = openApiDocument(options.version) as unknown as OpenAPIObject;
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Meridian API',
    swaggerOptions: { defaultModelsExpandDepth: 0, tryItOutEnabled: true },
  });
  return app;
}
