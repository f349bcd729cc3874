import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Health } from '../../../api/contracts/health.ts';
import { Problem } from '../../../api/contracts/common.ts';
import { OPERATIONS } from '../../../api/contracts/index.ts';
import { startGateway, useGateway } from '../../support/gateway.ts';
import { useTestDatabase } from '../../support/postgres.ts';

const database = useTestDatabase();
const gateway = useGateway(() => ({ databaseUrl: database().url }));

/** A request with headers that fetch does not let through. */
function rawRequest(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(`${gateway().url}${path}`, { headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

async function problemAt(path: string, init?: RequestInit): Promise<Problem> {
  const response = await gateway().fetch(path, init);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('the gateway', () => {
  it('answers every operation of the contract, and none besides', async () => {
    const document = (await (await gateway().fetch('/api/openapi.json')).json()) as { paths: Record<string, object> };
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(OPERATIONS.map(({ path }) => path))].sort());
    for (const op of OPERATIONS) {
      const path = op.path.replace('{id}', '00000000-0000-7000-8000-000000000000').replace('{name}', '3C286');
      const init = op.method === 'post' ? post({ reason: 'test' }) : {};
      const response = await gateway().fetch(path, init);
      const text = await response.text();
      expect({ path, missing: text.includes('Cannot ') }).toEqual({ path, missing: false });
    }
  });

  it('shows the API at /api/docs', async () => {
    const response = await gateway().fetch('/api/docs');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('swagger-ui');
  });

  it('takes /api/v1 for /api', async () => {
    const plain = await (await gateway().fetch('/api/calibrators?name=3C286')).json();
    const versioned = await (await gateway().fetch('/api/v1/calibrators?name=3C286')).json();
    expect(versioned).toEqual(plain);
    expect(plain).toMatchObject({ items: [{ name: '3C286', flux_jy: 15 }] });
  });

  it('says degraded, and lives, while Temporal is away', async () => {
    const health = Health.parse(await (await gateway().fetch('/health')).json());
    expect(health.status).toBe('degraded');
    expect(health.checks.map(({ name, status }) => [name, status])).toEqual([
      ['postgres', 'up'],
      ['temporal', 'down'],
      ['worker', 'down'],
    ]);
    expect((await gateway().fetch('/health/live')).status).toBe(200);
    expect((await gateway().fetch('/health/ready')).status).toBe(503);
  });

  it('reads work and starts answer 503 with retry advice while Temporal is away', async () => {
    expect((await gateway().fetch('/api/jobs')).status).toBe(200);
    const response = await gateway().fetch('/api/mosaics/create', post({ calibrator: '3C286' }));
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Problem.parse(await response.json())).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      context: { service: 'temporal' },
    });
    const { items } = (await (await gateway().fetch('/api/jobs')).json()) as { items: unknown[] };
    expect(items).toEqual([]);
  });

  it('starts while PostgreSQL is away, and answers 503', async () => {
    const alone = await startGateway({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
    try {
      const response = await alone.fetch('/api/jobs');
      expect(response.status).toBe(503);
      expect(Problem.parse(await response.json())).toMatchObject({
        code: 'SERVICE_UNAVAILABLE',
        context: { service: 'postgres' },
      });
      const health = Health.parse(await (await alone.fetch('/health')).json());
      expect(health.checks[0]).toMatchObject({ name: 'postgres', status: 'down' });
      expect((await alone.fetch('/api/calibrators?name=3C286')).status).toBe(200);
    } finally {
      await alone.stop();
    }
  });
});

describe('bad requests', () => {
  const missing = '00000000-0000-7000-8000-000000000000';

  it.each([
    ['/api/nothing', 404, 'NOT_FOUND'],
    [`/api/mosaics/${missing}`, 404, 'NOT_FOUND'],
    [`/api/mosaics/${missing}/fits`, 404, 'NOT_FOUND'],
    [`/api/jobs/${missing}`, 404, 'NOT_FOUND'],
    [`/api/jobs/${missing}/logs`, 404, 'NOT_FOUND'],
    ['/api/mosaics/not-an-id', 400, 'REQUEST_INVALID'],
    ['/api/jobs/..%2f..%2fetc%2fpasswd', 400, 'REQUEST_INVALID'],
    ['/api/jobs/%252e%252e%252fetc', 400, 'REQUEST_INVALID'],
    [`/api/mosaics/${missing}/fits?map=../../etc/passwd`, 400, 'REQUEST_INVALID'],
    [`/api/jobs/${'a'.repeat(3000)}`, 400, 'REQUEST_INVALID'],
    ['/api/jobs?limit=0', 400, 'REQUEST_INVALID'],
    ['/api/jobs?limit=5&spam=1', 400, 'REQUEST_INVALID'],
    ["/api/jobs?status=done'--", 400, 'REQUEST_INVALID'],
    ['/api/caltables/active', 400, 'REQUEST_INVALID'],
    ['/api/caltables/active?mjd=yesterday', 400, 'REQUEST_INVALID'],
    ['/api/calibrators?dec_deg=95', 400, 'REQUEST_INVALID'],
    ['/api/calibrators?ra_deg=10', 400, 'REQUEST_INVALID'],
    ['/api/calibrators/3C999/transits', 404, 'CALIBRATOR_UNKNOWN'],
    ['/api/calibrators/3C286/transits?from_utc=2026-01-02&to_utc=2026-01-01', 400, 'REQUEST_INVALID'],
    ['/api/calibrators/%00/transits', 400, 'REQUEST_INVALID'],
    ['/api/jobs/%zz', 400, 'REQUEST_INVALID'],
  ])('GET %s is %i %s', async (path, status, code) => {
    expect(await problemAt(path)).toMatchObject({ status, code });
  });

  it.each([
    ['no JSON', post('{"calibrator": '), 400, 'REQUEST_INVALID'],
    ['no object', post('[1, 2]'), 400, 'REQUEST_INVALID'],
    [
      'another type',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      'REQUEST_INVALID',
    ],
    ['more than 1 MB', post({ calibrator: 'a'.repeat(2_000_000) }), 413, 'REQUEST_INVALID'],
    ['an unknown calibrator', post({ calibrator: '3C999' }), 404, 'CALIBRATOR_UNKNOWN'],
    ['a folder that is not there', post({ calibrator: '3C286', incoming: '/no/such/folder' }), 404, 'FILE_MISSING'],
    ['a relative folder', post({ calibrator: '3C286', incoming: 'incoming' }), 400, 'REQUEST_INVALID'],
  ])('POST /api/mosaics/create with %s is refused', async (...[, init, status, code]) => {
    expect(await problemAt('/api/mosaics/create', init)).toMatchObject({ status, code });
  });

  it('names the wrong field', async () => {
    const problem = await problemAt('/api/mosaics/create', post({ calibrator: '3C286', timespan_minutes: 'long' }));
    expect(problem.detail).toContain('timespan_minutes');
  });

  it.each([[{ host: 'evil.example' }], [{ host: '127.0.0.1', origin: 'https://evil.example' }]])(
    'refuses %o: another site may not call the gateway',
    async (headers) => {
      const { status, body } = await rawRequest('/api/jobs', headers);
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ code: 'REQUEST_INVALID' });
    },
  );

  it('refuses a reason that is missing, before it asks anybody', async () => {
    expect(await problemAt(`/api/mosaics/${missing}/pause`, post({}))).toMatchObject({ status: 400 });
    expect(await problemAt(`/api/mosaics/${missing}/pause`, post({ reason: 'lunch' }))).toMatchObject({ status: 404 });
  });
});
