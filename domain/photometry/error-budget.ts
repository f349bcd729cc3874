/** What the error of a flux consists of. Every term is kept beside the sum, so that each can be looked at alone. */
import type { EpochFactor } from './normalisation.ts';
import type { FluxParts } from './night.ts';

/** Fraction of a flux that stays uncertain until a strip has measured its own: beam model and deconvolution. */
export const DEFAULT_SYSTEMATIC_FRACTION = 0.01;

/** A source that varies inside the calibrator's own measurement set is pulled towards the model by about 2/(N − 1). */
export const selfCalibrationFraction = (nAntennas: number): number => 2 / Math.max(nAntennas - 1, 1);

/** A raw flux before anything is known of its error but the noise. */
export interface RawFlux {
  readonly fluxJy: number;
  /** Error scale of the image times the local rms, Jy. */
  readonly sigmaAddJy: number;
  /** Systematic part as a fraction of the flux; several are added in quadrature. */
  readonly systematicFraction: number;
}

/**
 * σ² = σ_add² + (f_sys S)² + (S σ_factor/factor)²: here the first two terms, apart. The multiplicative one takes the
 * flux's size.
 */
export const rawParts = ({ fluxJy, sigmaAddJy, systematicFraction }: RawFlux): FluxParts => ({
  fluxJy,
  noiseJy: sigmaAddJy,
  sharedErrJy: Math.abs(systematicFraction * fluxJy),
});

/** The flux on the scale of its baseline: divided by the epoch's factor, whose error joins the shared part. */
export const normalizedParts = (
  { fluxJy, noiseJy, sharedErrJy }: FluxParts,
  { factor, factorErr }: Pick<EpochFactor, 'factor' | 'factorErr'>,
): FluxParts => ({
  fluxJy: fluxJy / factor,
  noiseJy: noiseJy / factor,
  sharedErrJy: Math.hypot(sharedErrJy / factor, (fluxJy / factor) * (factorErr / factor)),
});
