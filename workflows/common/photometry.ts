/** Photometry follows every tile and every mosaic, as a workflow of its own: nobody waits for it. */
import { patched } from '@temporalio/workflow';
import type { PhotometryRequest } from '../../activities/interfaces.ts';
import { AUTOMATIC_PHOTOMETRY, type PhotometryConfig } from '../contracts/photometry.ts';
import type { Calls } from './calls.ts';

/** Histories from before photometry was automatic do not ask for it. */
const PATCH = 'automatic-photometry';

export async function askForPhotometry(
  calls: Calls,
  {
    productId,
    series,
    photometry = AUTOMATIC_PHOTOMETRY,
    priority,
    policies,
  }: Pick<PhotometryRequest, 'productId' | 'series' | 'priority' | 'policies'> & {
    readonly photometry?: PhotometryConfig | null;
  },
): Promise<void> {
  if (photometry === null || !patched(PATCH)) return;
  await calls.registry(`Asking for photometry of the ${series}`).requestPhotometry({
    productId,
    series,
    config: photometry,
    requestedBy: 'automatic',
    priority,
    policies,
  });
}
