/**
 * What an endpoint is, said once: path, inputs, answers and errors. Routes, validation, the OpenAPI document and the
 * generated client all come from these values.
 */
import type { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An answer that is not an error. Without a schema it is a file or a stream of `contentType`. */
export interface Answer<Body extends z.ZodType = z.ZodType> {
  readonly description: string;
  readonly schema?: Body;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly example?: z.input<Body>;
}

export interface Operation<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  /** Name in the client and in the document; unique. */
  readonly id: string;
  readonly method: HttpMethod;
  /** As OpenAPI writes it: `/api/mosaics/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly bodyExample?: z.input<Body>;
  /** Request headers that mean something here: name to description. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers by status; the first one is the usual one. */
  readonly answers: Readonly<Record<number, Answer<Result>>>;
  /** Codes a caller may meet besides those that every endpoint has (`COMMON_ERRORS`). */
  readonly errors: readonly ErrorCode[];
  /** Other spellings of fields that are accepted: old name to name. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Codes that any endpoint may answer. */
export const COMMON_ERRORS: readonly ErrorCode[] = ['REQUEST_INVALID', 'INTERNAL'];

/** Keeps the literal types of an operation. */
export const operation = <
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Result extends z.ZodType,
>(
  definition: Operation<Params, Query, Body, Result>,
): Operation<Params, Query, Body, Result> => definition;

/** What a handler is given: parsed path parameters, query and body. */
export interface OperationInput<
  O extends { readonly params?: z.ZodType; readonly query?: z.ZodType; readonly body?: z.ZodType },
> {
  readonly params: z.output<NonNullable<O['params']>>;
  readonly query: z.output<NonNullable<O['query']>>;
  readonly body: z.output<NonNullable<O['body']>>;
}

/** What a handler returns. */
export type OperationResult<O extends { readonly answers: Readonly<Record<number, Answer>> }> = z.input<
  NonNullable<O['answers'][number]['schema']>
>;

/** Status of the usual answer. */
export const usualStatus = (op: Pick<Operation, 'answers'>): number => Math.min(...Object.keys(op.answers).map(Number));
