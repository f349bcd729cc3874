/** `calibrate find-calibrators`: calibrators of a field or strip, from the VLA list. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { shippedCalibrators } from '../../config/shipped-data.ts';
import { MeridianError } from '../../domain/errors.ts';
import { calibratorView, calibratorsInField, calibratorsInStrip } from '../../api/contracts/calibrator-views.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { decDeg, fluxJy, numberIn, raDeg } from '../options/parsers.ts';
import { declination, fixed, flux, rightAscension } from '../output/format.ts';
import { table } from '../output/table.ts';
import { inspectPaths } from '../stages/inspect-paths.ts';

type Row = ReturnType<typeof calibratorsInField>[number];

interface Options {
  readonly ra?: number;
  readonly dec?: number;
  readonly radius: number;
  readonly minFlux: number;
  readonly ms?: string;
  readonly name?: string;
}

/** The phase centre of a measurement set. */
async function centreOf(ms: string, context: CommandContext): Promise<{ raDeg: number; decDeg: number }> {
  const [found] = await inspectPaths([resolve(ms)], context);
  if (found?.phase_ra_deg == null || found.phase_dec_deg == null) {
    throw new MeridianError('MS_INVALID', `${ms} has no phase centre`, { file: ms });
  }
  return { raDeg: found.phase_ra_deg, decDeg: found.phase_dec_deg };
}

async function find(options: Options, context: CommandContext): Promise<{ where: object; rows: Row[] }> {
  const catalog = shippedCalibrators();
  const { ra, dec, radius, minFlux, ms, name } = options;
  if (name !== undefined) {
    const known = calibratorView(catalog.require(name));
    return { where: { name }, rows: [{ ...known, separation_deg: 0, beam: 1, apparent_flux_jy: known.flux_scale_jy }] };
  }
  if (ra === undefined && dec !== undefined && ms === undefined) {
    const strip = { decDeg: dec, toleranceDeg: radius, minFluxJy: minFlux };
    return { where: { dec_deg: dec, tolerance_deg: radius }, rows: calibratorsInStrip(catalog, strip) };
  }
  if (ms === undefined && (ra === undefined || dec === undefined)) {
    throw new MeridianError('REQUEST_INVALID', 'give --ra and --dec, --dec alone for a strip, --ms, or --name');
  }
  const centre = ms === undefined ? { raDeg: ra ?? 0, decDeg: dec ?? 0 } : await centreOf(ms, context);
  const rows = calibratorsInField(catalog, { centre, radiusDeg: radius, minFluxJy: minFlux });
  return { where: { ra_deg: centre.raDeg, dec_deg: centre.decDeg, radius_deg: radius }, rows };
}

function show(rows: readonly Row[]): string {
  if (rows.length === 0) return 'No calibrator of the VLA list lies there; widen --radius.';
  return table(rows, [
    { title: 'name', value: (row) => row.name },
    { title: 'J2000', value: (row) => row.j2000_name },
    { title: 'RA', value: (row) => rightAscension(row.ra_deg) },
    { title: 'Dec', value: (row) => declination(row.dec_deg) },
    { title: '20 cm', value: (row) => flux(row.flux_jy), align: 'right' },
    { title: 'C array', value: (row) => row.codes_20cm?.C ?? '-' },
    { title: 'offset', value: (row) => `${fixed(row.separation_deg, 2)}°`, align: 'right' },
    { title: 'beam', value: (row) => fixed(row.beam, 3), align: 'right' },
    { title: 'apparent', value: (row) => flux(row.apparent_flux_jy), align: 'right' },
    { title: '', value: (row) => (row.suitable ? '' : (row.unsuitable_because ?? '')) },
  ]);
}

async function findCalibrators(options: Options, context: CommandContext): Promise<CommandResult> {
  const { where, rows } = await find(options, context);
  return { document: { field: where, calibrators: rows }, text: show(rows) };
}

export function findCalibratorsCommand(): Command {
  const command = new Command('find-calibrators')
    .description('calibrators of a field (--ra --dec), of a strip (--dec), or of a measurement set (--ms)')
    .option('--ra <ra>', 'right ascension: degrees or 13:31:08.3', raDeg)
    .option('--dec <dec>', 'declination: degrees or +30:30:33', decDeg)
    .option('--radius <deg>', 'how far from the centre', numberIn({ min: 0.001, max: 90 }), 1.5)
    .option('--ms <folder>', 'take the phase centre of this measurement set')
    .option('--name <name>', 'one calibrator by any of its names')
    .option('--min-flux <flux>', 'faintest at 1.4 GHz: 1, 500mJy', fluxJy, 0);
  return runs<Options>(command, findCalibrators);
}
