/** Data files that come with the product, read once per process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CalibratorCatalog } from '../domain/calibrators.ts';
import { CHECKOUT } from './paths.ts';

/** Folder of the shipped data; its README names the sources. */
export const SHIPPED_DATA: string = join(CHECKOUT, 'compute', 'meridian_compute', 'data');

/** NVSS above 50 mJy: what a registry begins with. */
export const SHIPPED_NVSS: string = join(SHIPPED_DATA, 'nvss_50mjy.csv.gz');

let calibrators: CalibratorCatalog | undefined;

/** The VLA calibrator list. */
export function shippedCalibrators(): CalibratorCatalog {
  calibrators ??= new CalibratorCatalog(readFileSync(join(SHIPPED_DATA, 'vla_calibrators.txt'), 'latin1'));
  return calibrators;
}
