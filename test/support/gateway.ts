/** A gateway for a test file, on a port of its own. */
import { afterAll, beforeAll } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createGateway } from '../../api/app.ts';
import { apiClient } from '../../api/client/client.ts';
import type { ApiClient } from '../../api/client/client.ts';
import { GatewayOptions } from '../../api/runtime/options.ts';
import type { GatewaySettings } from '../../api/runtime/options.ts';
import { policySnapshot } from '../../domain/stage-policies.ts';

/** Nothing listens there. */
export const NOBODY = '127.0.0.1:1';

export interface TestGateway {
  readonly url: string;
  readonly client: ApiClient;
  /** A plain request. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export type TestSettings = Pick<GatewaySettings, 'databaseUrl'> & Partial<GatewaySettings>;

/** Starts a gateway; without a Temporal address it is as if the server were away. */
export async function startGateway(settings: TestSettings): Promise<TestGateway> {
  const options = new GatewayOptions({
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0-test',
    temporal: { address: NOBODY, namespace: 'default', queuePrefix: 'test' },
    stagePolicies: policySnapshot(),
    storeRoots: { store: '/store', published: '/published' },
    dataRoots: [],
    computeSlots: 2,
    ...settings,
  });
  const app: NestFastifyApplication = await createGateway(options);
  await app.listen({ port: options.port, host: '127.0.0.1' });
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    url,
    client: apiClient(url),
    fetch: (path, init) => fetch(`${url}${path}`, init),
    stop: () => app.close(),
  };
}

/** A gateway of this test file's own; call it at the top of the file. */
export function useGateway(settings: () => TestSettings): () => TestGateway {
  let gateway: TestGateway | undefined;
  beforeAll(async () => {
    gateway = await startGateway(settings());
  });
  afterAll(() => gateway?.stop());
  return () => {
    if (gateway === undefined) throw new Error('it is there from beforeAll on');
    return gateway;
  };
}
