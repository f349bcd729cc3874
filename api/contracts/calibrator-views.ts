/** Calibrators and transits as they are on the wire: the gateway and `calibrate …` of the command line show the same. */
import type { z } from 'zod';
import { DSA110_DISH, airyPower } from '../../domain/beam.ts';
import { calibratorFluxJy, unsuitability } from '../../domain/calibrators.ts';
import type { Calibrator as ListedCalibrator, CalibratorCatalog } from '../../domain/calibrators.ts';
import { LIST_FREQUENCY_HZ } from '../../domain/flux-scale.ts';
import { separationDeg } from '../../domain/sky.ts';
import type { SkyPosition } from '../../domain/sky.ts';
import type { Transit as CalculatedTransit } from '../../domain/transits.ts';
import { utcText } from './common.ts';
import type { Calibrator, FieldCalibrator, Transit, TransitData } from './calibrators.ts';

type CalibratorView = z.input<typeof Calibrator>;
type FieldCalibratorView = z.input<typeof FieldCalibrator>;

/** A calibrator of the list. */
export function calibratorView(calibrator: ListedCalibrator): CalibratorView {
  const { position, band20cm, polynomial } = calibrator;
  return {
    name: calibrator.name,
    j2000_name: calibrator.j2000Name,
    b1950_name: calibrator.b1950Name,
    ra_deg: position.raDeg,
    dec_deg: position.decDeg,
    flux_jy: band20cm?.fluxJy ?? null,
    position_code: calibrator.positionCode,
    codes_20cm: band20cm === null ? null : { ...band20cm.codes },
    flux_scale: polynomial === null ? 'secondary' : 'perley_butler_2017',
    flux_scale_jy: calibratorFluxJy(calibrator, LIST_FREQUENCY_HZ),
    variable: polynomial?.variable ?? false,
    suitable: unsuitability(calibrator) === null,
    unsuitable_because: unsuitability(calibrator),
  };
}

/** Where to look for calibrators. */
export interface Field {
  readonly centre: SkyPosition;
  readonly radiusDeg: number;
  readonly minFluxJy: number;
}

/** A calibrator as the beam shows it when it passes at this distance from the beam's centre. */
function throughBeam(calibrator: ListedCalibrator, separation_deg: number): FieldCalibratorView {
  const view = calibratorView(calibrator);
  const beam = airyPower(separation_deg, DSA110_DISH);
  const fluxJy = view.flux_scale_jy;
  return { ...view, separation_deg, beam, apparent_flux_jy: fluxJy === null ? null : fluxJy * beam };
}

/** Brightest through the primary beam first; those without a flux at the end. */
const brightestFirst = (views: FieldCalibratorView[], minFluxJy: number): FieldCalibratorView[] =>
  views
    .filter(({ flux_scale_jy }) => (flux_scale_jy ?? 0) >= minFluxJy)
    .sort((a, b) => (b.apparent_flux_jy ?? -1) - (a.apparent_flux_jy ?? -1));

/** Calibrators of a field. */
export function calibratorsInField(catalog: CalibratorCatalog, field: Field): FieldCalibratorView[] {
  const offset = (calibrator: ListedCalibrator): number => separationDeg(calibrator.position, field.centre);
  const inside = catalog.all.filter((calibrator) => offset(calibrator) <= field.radiusDeg);
  return brightestFirst(
    inside.map((calibrator) => throughBeam(calibrator, offset(calibrator))),
    field.minFluxJy,
  );
}

/** Calibrators that pass through the beam of a strip once a sidereal day: by declination alone. */
export function calibratorsInStrip(
  catalog: CalibratorCatalog,
  strip: { readonly decDeg: number; readonly toleranceDeg: number; readonly minFluxJy: number },
): FieldCalibratorView[] {
  const offset = ({ position }: ListedCalibrator): number => Math.abs(position.decDeg - strip.decDeg);
  const inside = catalog.all.filter((calibrator) => offset(calibrator) <= strip.toleranceDeg);
  return brightestFirst(
    inside.map((calibrator) => throughBeam(calibrator, offset(calibrator))),
    strip.minFluxJy,
  );
}

/** A transit, with what data there is for it. */
export function transitView(
  transit: CalculatedTransit,
  data: z.input<typeof TransitData> | null,
): z.input<typeof Transit> {
  return {
    transit_utc: utcText(transit.mjd),
    transit_mjd: transit.mjd,
    transit_number: transit.number,
    apparent_ra_deg: transit.apparent.raDeg,
    apparent_dec_deg: transit.apparent.decDeg,
    altitude_deg: transit.altitudeDeg,
    data,
  };
}
