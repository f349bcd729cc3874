/** A mosaic as people read it. */
import type { Schemas } from '../../api/client/client.ts';
import { duration, fixed, flux, percent } from './format.ts';
import { facts, table } from './table.ts';

type Mosaic = Schemas['Mosaic'];

const metric = (mosaic: Mosaic, name: string): number | null => {
  const value = mosaic.qa.metrics[name];
  return typeof value === 'number' ? value : null;
};

const tilesText = (mosaic: Mosaic): string =>
  table(mosaic.tiles, [
    { title: 'tile', value: (row) => row.group_id },
    { title: 'QA', value: (row) => row.qa.verdict },
    { title: 'rms', value: (row) => flux(row.rms_jy), align: 'right' },
    { title: 'fits', value: (row) => row.fits },
  ]);

const phasesText = (phases: readonly Schemas['JobPhase'][]): string =>
  table(phases, [
    { title: 'phase', value: (row) => row.name },
    { title: 'state', value: (row) => row.state },
    { title: 'time', value: (row) => (row.seconds === null ? '-' : duration(row.seconds)), align: 'right' },
    { title: '', value: (row) => (row.total > 1 ? `${row.done} of ${row.total}` : '') },
  ]);

/** What has come of it. */
function resultText(mosaic: Mosaic): string {
  const offset = `${fixed(metric(mosaic, 'ra_offset_arcsec'), 2)}″ ${fixed(metric(mosaic, 'dec_offset_arcsec'), 2)}″`;
  return facts([
    ['QA', mosaic.qa.verdict],
    ['rms', flux(mosaic.rms_jy)],
    [
      'flux ratio',
      `${fixed(metric(mosaic, 'flux_ratio'), 3)}, scatter ${percent(metric(mosaic, 'flux_ratio_scatter'))}`,
    ],
    ['offset', `${offset} (${metric(mosaic, 'n_matched') ?? 0} sources)`],
    ['caltables', mosaic.caltables.map(({ type, calibrator }) => `${type} on ${calibrator}`).join(', ') || '-'],
    ['fits', mosaic.fits],
    ['weight', mosaic.weight],
    ['picture', mosaic.picture],
  ]);
}

/** A mosaic with its tiles and phases. */
export function mosaicText(mosaic: Mosaic): string {
  const { job } = mosaic;
  const head = facts([
    ['mosaic', `${mosaic.id} (${mosaic.name})`],
    ['status', mosaic.error === null ? mosaic.status : `${mosaic.status}: ${mosaic.error.message}`],
    ['centre', mosaic.transit_utc === null ? '-' : `${mosaic.calibrator}, transit ${mosaic.transit_utc}`],
    ['window', `${mosaic.start_utc} to ${mosaic.end_utc}`],
    ...(job === null || job.status !== 'running' ? [] : [['phase', `${job.phase}: ${job.message}`] as const]),
    ...(job?.paused == null ? [] : [['paused', `by ${job.paused.requested_by}: ${job.paused.reason}`] as const]),
  ]);
  const left = mosaic.excluded.map(({ group_id: group, reason }) => `left out: ${group}: ${reason}`);
  return [
    head,
    ...(mosaic.product_id === null ? [] : [resultText(mosaic)]),
    ...(mosaic.tiles.length === 0 ? [] : ['', tilesText(mosaic)]),
    ...left,
    ...(job === null || job.phases.length === 0 ? [] : ['', phasesText(job.phases)]),
  ].join('\n');
}
