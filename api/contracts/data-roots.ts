/** Data roots: folders below which raw files may be read. */
import { z } from 'zod';
import { operation } from './operation.ts';
import { Instant, Name } from './common.ts';

export const DataRoot = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  last_scan_at: Instant.nullable(),
  created_at: Instant,
});

export const RegisterDataRoot = z.strictObject({
  path: z.string().min(1).max(4096).describe('Absolute path of a folder on the machine of the gateway.'),
  name: Name.optional().describe('Default: made from the path.'),
});

export const registerDataRoot = operation({
  id: 'registerDataRoot',
  method: 'post',
  path: '/api/data-roots',
  tag: 'data roots',
  summary: 'Register a folder with raw files; the same folder again gives the same row',
  body: RegisterDataRoot,
  bodyExample: { path: '/data/incoming' },
  answers: { 200: { description: 'The data root.', schema: DataRoot } },
  errors: ['FILE_MISSING', 'FILE_UNREADABLE', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
  aliases: { incoming: 'path', input_dir: 'path' },
});

export const listDataRoots = operation({
  id: 'listDataRoots',
  method: 'get',
  path: '/api/data-roots',
  tag: 'data roots',
  summary: 'List data roots',
  answers: { 200: { description: 'All of them.', schema: z.object({ items: z.array(DataRoot) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});
