/** Source catalogues: which there are, and what they list around a place. */
import { z } from 'zod';
import { CATALOG_NAMES } from '../../domain/catalogs.ts';
import { Instant } from './common.ts';
import { operation } from './operation.ts';

export const CatalogName = z.enum(CATALOG_NAMES).describe('`rax` is RACS-low; `master` is made here.');

export const Catalog = z.object({
  name: CatalogName,
  title: z.string(),
  freq_hz: z.number().describe('Of its fluxes, unless a row says otherwise.'),
  status: z.enum(['present', 'missing']),
  how_to_get: z.string().nullable().describe('Null when it is there.'),
  version: z.number().int().nullable().describe('Counts its imports.'),
  n_sources: z.number().int().describe('Rows of the present version.'),
  origin: z.enum(['shipped', 'file', 'vizier', 'built']).nullable(),
  file_name: z.string().nullable(),
  file_sha256: z.string().nullable(),
  n_read: z.number().int().nullable().describe('Rows of the file of the newest import.'),
  rejected: z.record(z.string(), z.number()).describe('Reason to rows that were left out for it.'),
  imported_at: Instant.nullable(),
});

const FluxKind = z.enum(['integrated', 'peak']);

export const CatalogSource = z.object({
  source_id: z.number().int(),
  name: z.string().describe('Stable name, of the position at which it was first seen.'),
  catalog: CatalogName,
  catalog_id: z.string().nullable().describe('What the catalogue itself calls it.'),
  ra_deg: z.number().describe('ICRS.'),
  dec_deg: z.number(),
  separation_deg: z.number(),
  flux_jy: z.number().describe('At freq_hz, of the kind that flux_kind names.'),
  flux_kind: FluxKind,
  peak_flux_jy: z.number().nullable(),
  flux_err_jy: z.number().nullable(),
  freq_hz: z.number(),
  maj_arcsec: z.number().nullable(),
  min_arcsec: z.number().nullable(),
  pa_deg: z.number().nullable().describe('From north through east.'),
  spectral_index: z.number().nullable().describe('Of S ∝ ν^α.'),
  crowding: z.number().int().nullable().describe('Neighbours that crowd it.'),
  resolved: z.boolean().nullable().describe('Integrated over peak flux of 1.1 or more; null: not measured.'),
  confused: z
    .boolean()
    .nullable()
    .describe('Several counterparts, or neighbours within the NVSS beam; null: not known.'),
});

export const listCatalogs = operation({
  id: 'listCatalogs',
  method: 'get',
  path: '/api/catalogs',
  tag: 'catalogs',
  summary: 'Source catalogues, those that are there and how to get the others',
  answers: { 200: { description: 'Every catalogue there can be.', schema: z.object({ items: z.array(Catalog) }) } },
  errors: ['SERVICE_UNAVAILABLE'],
});

export const searchCatalog = operation({
  id: 'searchCatalog',
  method: 'get',
  path: '/api/catalogs/{name}/search',
  tag: 'catalogs',
  summary: 'Sources of a catalogue within a cone, nearest first',
  params: z.strictObject({ name: CatalogName }),
  query: z.strictObject({
    ra_deg: z.coerce.number().min(-360).max(360),
    dec_deg: z.coerce.number().min(-90).max(90),
    radius_deg: z.coerce.number().positive().max(20).default(0.5),
    min_flux_jy: z.coerce.number().min(0).default(0).describe("Faintest, at the catalogue's own frequency."),
    limit: z.coerce.number().int().min(1).max(10_000).default(100),
  }),
  answers: {
    200: {
      description: 'Sources of the present version, nearest first.',
      schema: z.object({ catalog: CatalogName, items: z.array(CatalogSource) }),
    },
  },
  errors: ['CATALOG_MISSING', 'SERVICE_UNAVAILABLE'],
  aliases: { ra: 'ra_deg', dec: 'dec_deg', radius: 'radius_deg', min_flux: 'min_flux_jy' },
});
