/** Binds a controller's method to an operation of the contract: route, status, and parsed input. */
import { HttpCode, RequestMapping, RequestMethod, applyDecorators, createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { MeridianError } from '../../domain/errors.ts';
import { usualStatus } from '../contracts/operation.ts';
import type { HttpMethod, Operation, OperationInput } from '../contracts/operation.ts';
import { withOwnNames } from './field-names.ts';

const METHODS: Readonly<Record<HttpMethod, RequestMethod>> = {
  get: RequestMethod.GET,
  post: RequestMethod.POST,
  put: RequestMethod.PUT,
  patch: RequestMethod.PATCH,
  delete: RequestMethod.DELETE,
};

type AnyOperation = Pick<Operation, 'id' | 'method' | 'path' | 'answers' | 'aliases' | 'params' | 'query' | 'body'>;

/** Path as Nest writes it. */
const nestPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** The method answers this operation. */
export const Route = (op: AnyOperation): MethodDecorator =>
  applyDecorators(
    RequestMapping({ path: nestPath(op.path), method: METHODS[op.method] }),
    HttpCode(usualStatus(op)),
  ) as MethodDecorator;

function parsePart(schema: z.ZodType | undefined, where: string, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const field = issue.path.map(String).join('.');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  throw new MeridianError('REQUEST_INVALID', `${where}: ${problems.join('; ')}`, { fields: problems });
}

/** Parses path parameters, query and body of a request by the contract. */
export function parseInput(op: AnyOperation, request: FastifyRequest): unknown {
  return {
    params: parsePart(op.params, 'path', request.params),
    query: parsePart(op.query, 'query', withOwnNames(request.query, op.aliases)),
    body: parsePart(op.body, 'body', withOwnNames(request.body ?? {}, op.aliases)),
  };
}

const parsedInput = createParamDecorator((op: AnyOperation, context: ExecutionContext) =>
  parseInput(op, context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The parsed input of this operation. */
export const Input = (op: AnyOperation): ParameterDecorator => parsedInput(op);

export type { OperationInput };
