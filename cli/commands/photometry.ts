/** `photometry peak | peak-many`: fluxes at known positions of an image. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { MeridianError } from '../../domain/errors.ts';
import type {
  PhotometryPosition,
  PhotometryRow,
  PhotometrySpec,
  PhotometrySummary,
} from '../../domain/generated/stages.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { arcsec, decDeg, listOf, raDeg } from '../options/parsers.ts';
import { declination, fixed, flux, rightAscension } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import { PHOTOMETRY_OPTIONS } from '../specs/photometry-options.ts';
import { existing } from '../stages/paths.ts';
import { placeText, requireFree } from '../stages/place-outputs.ts';
import { runStage } from '../stages/run-stage.ts';

interface ImageOptions {
  readonly fits: string;
  readonly flatNoise?: string;
  readonly pb?: string;
  readonly weight?: string;
  readonly annulus?: readonly [number, number];
}

/** `120,200`: inner and outer radius. */
function annulus(text: string): readonly [number, number] {
  const [inner, outer, ...rest] = listOf(arcsec)(text);
  if (inner === undefined || outer === undefined || rest.length > 0 || inner >= outer) {
    throw new InvalidArgumentError('give inner and outer radius in arcsec: 120,200.');
  }
  return [inner, outer];
}

/** The part of the spec that both commands share. */
function imageSpec(options: ImageOptions): Omit<PhotometrySpec, 'positions' | 'positions_file'> {
  const map = (option: string, path: string | undefined): string | null =>
    path === undefined ? null : existing(option, path);
  const [inner, outer] = options.annulus ?? [];
  return {
    fits: existing('--fits', options.fits),
    flat_noise_fits: map('--flat-noise', options.flatNoise),
    pb_fits: map('--pb', options.pb),
    weight_fits: map('--weight', options.weight),
    ...(inner === undefined || outer === undefined ? {} : { annulus_inner_arcsec: inner, annulus_outer_arcsec: outer }),
    ...fieldsFrom(PHOTOMETRY_OPTIONS, options as unknown as Record<string, unknown>),
  };
}

interface Measured {
  readonly summary: PhotometrySummary;
  readonly rows: readonly PhotometryRow[];
}

interface PeakOptions extends ImageOptions {
  readonly ra: number;
  readonly dec: number;
}

async function peak(options: PeakOptions, context: CommandContext): Promise<CommandResult> {
  const spec = { ...imageSpec(options), positions: [{ id: 'position', ra_deg: options.ra, dec_deg: options.dec }] };
  const { summary, rows } = await measure(spec, context);
  const [row] = rows;
  if (row === undefined) throw new MeridianError('INTERNAL', 'the stage left no row for the position');
  const { id: _id, ...measured } = row;
  const document = { ...measured, method: summary.method, mid_mjd: summary.mid_mjd, nu_eff_hz: summary.nu_eff_hz };
  return { document, text: rowText(row) };
}

const measure = (spec: PhotometrySpec, context: CommandContext): Promise<Measured> =>
  runStage({ stage: 'photometry', spec }, context, ({ result, output }) =>
    Promise.resolve({ summary: result.summary, rows: readRows(output('rows')) }),
  );

const readRows = (path: string | undefined): readonly PhotometryRow[] =>
  path === undefined ? [] : (JSON.parse(readFileSync(path, 'utf8')) as PhotometryRow[]);

const rowText = (row: PhotometryRow): string =>
  facts([
    ['position', `${rightAscension(row.ra_deg)} ${declination(row.dec_deg)}`],
    ['status', row.reason === null ? row.status : `${row.status}: ${row.reason}`],
    ['peak flux', `${flux(row.peak_flux_jy)} ± ${flux(row.peak_flux_err_jy)}`],
    ['local rms', flux(row.local_rms_jy)],
    ['primary beam', fixed(row.pb, 3)],
  ]);

interface ManyOptions extends ImageOptions {
  readonly coords: string;
  readonly output?: string;
  readonly overwrite?: boolean;
}

const PAIR = /^\s*([-+0-9.:hms]+)[\s,]+([-+0-9.:dms]+)\s*$/i;

/** `ra,dec;ra,dec` in place of a file. */
function inlinePositions(coords: string): PhotometryPosition[] | null {
  const pairs = coords.split(';').map((pair) => PAIR.exec(pair));
  if (pairs.some((pair) => pair === null)) return null;
  return pairs.map((pair, index) => ({
    id: String(index + 1),
    ra_deg: raDeg(pair?.[1] ?? ''),
    dec_deg: decDeg(pair?.[2] ?? ''),
  }));
}

async function peakMany(options: ManyOptions, context: CommandContext): Promise<CommandResult> {
  const positions = inlinePositions(options.coords);
  const where = positions === null ? { positions_file: existing('--coords', options.coords) } : { positions };
  const spec: PhotometrySpec = { ...imageSpec(options), ...where };
  const target = options.output === undefined ? null : resolve(options.output);
  if (target !== null) requireFree([target], options.overwrite === true);
  const { summary, rows } = await measure(spec, context);
  if (target !== null) placeText(rowsAs(target, rows), target, options.overwrite === true);
  const { rows: _rows, ...facts } = summary;
  return { document: { ...facts, output: target, results: rows }, text: manyText(summary, rows) };
}

const CSV_COLUMNS = [
  'id', 'ra_deg', 'dec_deg', 'status', 'reason', 'peak_flux_jy', 'peak_flux_err_jy', 'local_rms_jy', 'background_jy', 'pb', 'n_blended',
] as const; // prettier-ignore

const csvCell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value as string | number);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** CSV or, by the name of the file, JSON. */
function rowsAs(target: string, rows: readonly PhotometryRow[]): string {
  if (target.endsWith('.json')) return JSON.stringify(rows, null, 1);
  const lines = rows.map((row) => CSV_COLUMNS.map((name) => csvCell(row[name])).join(','));
  return `${[CSV_COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const SHOWN = 40;

const manyText = (summary: PhotometrySummary, rows: readonly PhotometryRow[]): string =>
  [
    table(rows.slice(0, SHOWN), [
      { title: 'id', value: (row) => row.id },
      { title: 'RA', value: (row) => rightAscension(row.ra_deg, 2) },
      { title: 'Dec', value: (row) => declination(row.dec_deg, 1) },
      { title: 'status', value: (row) => row.status },
      { title: 'flux', value: (row) => flux(row.peak_flux_jy), align: 'right' },
      { title: 'error', value: (row) => flux(row.peak_flux_err_jy), align: 'right' },
      { title: 'rms', value: (row) => flux(row.local_rms_jy), align: 'right' },
    ]),
    ...(rows.length > SHOWN ? [`… ${rows.length - SHOWN} more; --json or --output has all of them`] : []),
    `${summary.n_measured} of ${summary.n_positions} measured`,
  ].join('\n');

const withImage = (command: Command): Command =>
  addFieldOptions(
    command
      .requiredOption('--fits <file>', 'image')
      .option('--annulus <inner,outer>', 'arcsec, for the local rms', annulus)
      .option('--flat-noise <file>', 'image of flat noise, for the local rms')
      .option('--pb <file>', 'primary beam')
      .option('--weight <file>', 'weight map of a mosaic'),
    PHOTOMETRY_OPTIONS,
  );

function peakCommand(): Command {
  const command = withImage(
    new Command('peak').description('flux at one position: a fit at a fixed place, never the maximum'),
  )
    .requiredOption('--ra <ra>', 'right ascension: degrees or 13:31:08.3', raDeg)
    .requiredOption('--dec <dec>', 'declination: degrees or +30:30:33', decDeg);
  return runs<PeakOptions>(command, peak);
}

function peakManyCommand(): Command {
  const command = withImage(new Command('peak-many').description('fluxes at many positions'))
    .requiredOption('--coords <file>', 'CSV or JSON with id, ra_deg, dec_deg; or "ra,dec;ra,dec"')
    .option('--output <file>', 'write all rows: CSV, or JSON by its name')
    .option('--overwrite', 'replace it if it is there');
  return runs<ManyOptions>(command, peakMany);
}

export const photometryCommands = (): Command[] => [peakCommand(), peakManyCommand()];
