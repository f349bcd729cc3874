/** The OpenAPI 3.1 document, made from the operations. */
import { z } from 'zod';
import { ERROR_RULES } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { ANSWER_SCHEMAS, OPERATIONS, REQUEST_SCHEMAS } from './index.ts';
import { COMMON_ERRORS } from './operation.ts';
import type { Answer, Operation } from './operation.ts';

type Json = Record<string, unknown>;

const uri = (id: string): string => `#/components/schemas/${id}`;

/** JSON Schemas of named models; `input`: as a client sends them, `output`: as the gateway answers. */
function namedSchemas(models: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, model] of Object.entries(models)) registry.add(model, { id });
  const { schemas } = z.toJSONSchema(registry, { uri, io, unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, clean(schema)]));
}

/** A schema in place, with references to the named models. */
function inlineSchema(model: z.ZodType, io: 'input' | 'output'): Json {
  const models = { ...(io === 'output' ? ANSWER_SCHEMAS : REQUEST_SCHEMAS), Inline: model };
  const named = Object.entries(models).find(([id, known]) => known === model && id !== 'Inline');
  if (named !== undefined) return { $ref: uri(named[0]) };
  return (namedSchemas(models, io) as Record<string, Json>)['Inline'] ?? {};
}

/** Drops what OpenAPI says at its own place, and the bounds of a safe integer that say nothing. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => key !== '$schema' && key !== '$id' && Math.abs(Number(inner)) !== Number.MAX_SAFE_INTEGER,
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, clean(inner)]));
}

function parameters(op: Operation): Json[] {
  const fields = (model: z.ZodObject | undefined, where: string): Json[] => {
    if (model === undefined) return [];
    const schema = inlineSchema(model, 'input') as { properties?: Record<string, Json>; required?: string[] };
    return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || (schema.required ?? []).includes(name),
      schema: property,
    }));
  };
  const headers = Object.entries(op.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...fields(op.params, 'path'), ...fields(op.query, 'query'), ...headers];
}

function answer(given: Answer): Json {
  const contentType = given.contentType ?? 'application/json';
  const schema =
    given.schema === undefined ? { type: 'string', format: 'binary' } : inlineSchema(given.schema, 'output');
  const headers = Object.entries(given.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    description: given.description,
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
    content: { [contentType]: { schema, ...(given.example === undefined ? {} : { example: given.example }) } },
  };
}

/** One answer per status; its description lists the codes. */
function problemAnswers(codes: readonly ErrorCode[]): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...COMMON_ERRORS, ...codes]) {
    const { httpStatus } = ERROR_RULES[code];
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), code]);
  }
  const problem = { 'application/problem+json': { schema: { $ref: uri('Problem') } } };
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [String(status), { description: list.join(', '), content: problem }]),
  );
}

function documentOperation(op: Operation): Json {
  const answers = Object.fromEntries(Object.entries(op.answers).map(([status, given]) => [status, answer(given)]));
  const body = op.body && {
    required: !op.body.safeParse({}).success,
    content: {
      'application/json': {
        schema: inlineSchema(op.body, 'input'),
        ...(op.bodyExample === undefined ? {} : { example: op.bodyExample }),
      },
    },
  };
  return {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    ...(op.description === undefined ? {} : { description: op.description }),
    parameters: parameters(op),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...problemAnswers(op.errors), ...answers },
  };
}

/** The whole document. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const op of OPERATIONS) paths[op.path] = { ...paths[op.path], [op.method]: documentOperation(op) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meridian',
      version,
      description:
        'From raw DSA-110 subbands to calibrated mosaics. Times are ISO 8601 UTC (`_utc`, `_at`) or MJD (`_mjd`), ' +
        'angles are degrees, fluxes Jy. Errors are RFC 9457 problem details with a stable `code`.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(OPERATIONS.map((op) => op.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...namedSchemas(ANSWER_SCHEMAS, 'output'), ...namedSchemas(REQUEST_SCHEMAS, 'input') },
    },
  };
}
