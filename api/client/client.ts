/** The typed client of the gateway; errors of any kind come out as `MeridianError` with the gateway's own code. */
import createClient from 'openapi-fetch';
import { MeridianError, isErrorCode } from '../../domain/errors.ts';
import type { ErrorContext } from '../../domain/errors.ts';
import type { components, paths } from './schema.ts';

export type Schemas = components['schemas'];
export type ApiClient = ReturnType<typeof createClient<paths>>;

interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

const away = (url: string, cause: unknown): MeridianError => {
  const reason = (cause as { cause?: { code?: string } } | null)?.cause?.code ?? (cause as Error).message;
  return new MeridianError(
    'SERVICE_UNAVAILABLE',
    `the gateway at ${url} does not answer (${reason}); start it with: meridian up --detach`,
    { service: 'gateway', url },
    { cause },
  );
};

/** A client of the gateway at `url`, e.g. `http://127.0.0.1:8000`. */
export function apiClient(url: string, signal?: AbortSignal): ApiClient {
  return createClient<paths>({
    baseUrl: url,
    fetch: async (request: Request) => {
      try {
        return await fetch(request, signal === undefined ? {} : { signal });
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw away(url, error);
      }
    },
  });
}

/** The error that a problem document stands for. */
export function errorOfProblem(problem: unknown, status: number): MeridianError {
  const { code, detail, context } = (problem ?? {}) as { code?: string; detail?: string; context?: ErrorContext };
  if (code !== undefined && isErrorCode(code)) return new MeridianError(code, detail ?? code, context ?? {});
  const away = status === 502 || status === 503 || status === 504;
  return new MeridianError(
    away ? 'SERVICE_UNAVAILABLE' : 'INTERNAL',
    `the gateway answered ${status} without saying why`,
    {
      status,
    },
  );
}

/**
 * The data of an answer.
 *
 * @throws MeridianError with the code of the problem document; SERVICE_UNAVAILABLE when the gateway is away.
 */
export async function answerOf<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok && data !== undefined) return data;
  throw errorOfProblem(error, response.status);
}
