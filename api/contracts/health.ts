/** Health: whether the gateway lives, and whether what it needs answers. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant } from './common.ts';

export const HealthCheck = z.object({
  name: z.string(),
  status: z.enum(['up', 'down']),
  latency_ms: z.number().nullable(),
  message: z.string().nullable(),
});

export const Health = z.object({
  status: z.enum(['ok', 'degraded']).describe('degraded: the gateway answers, a part that it needs does not.'),
  version: z.string(),
  pid: z.number().int(),
  started_at: Instant,
  checks: z.array(HealthCheck),
});

export const Live = z.object({ status: z.literal('ok'), version: z.string(), pid: z.number().int() });

export const getHealth = operation({
  id: 'getHealth',
  method: 'get',
  path: '/health',
  tag: 'health',
  summary: 'Each part the gateway needs; always 200 while it answers at all',
  answers: { 200: { description: 'State of the parts.', schema: Health } },
  errors: [],
});

export const getLive = operation({
  id: 'getLive',
  method: 'get',
  path: '/health/live',
  tag: 'health',
  summary: 'The process answers; depends on nothing else',
  answers: { 200: { description: 'It lives.', schema: Live } },
  errors: [],
});

export const getReady = operation({
  id: 'getReady',
  method: 'get',
  path: '/health/ready',
  tag: 'health',
  summary: 'Whether work can be asked for: 503 while PostgreSQL, Temporal or every worker is away',
  answers: {
    200: { description: 'Ready.', schema: Health },
    503: { description: 'Not ready; the checks say why.', schema: Health },
  },
  errors: [],
});
