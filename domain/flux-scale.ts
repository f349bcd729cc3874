/** The flux scale: absolute polynomials for six calibrators, the list's 20 cm value for all others. */
import { polynomial } from './angles.ts';

/** Frequency at which the list's 20 cm value holds. */
export const LIST_FREQUENCY_HZ = 1.4e9;
/** Taken for calibrators without a polynomial, and for the sky. */
export const DEFAULT_SPECTRAL_INDEX = -0.7;

export interface FluxPolynomial {
  readonly name: string;
  /** log10 S/Jy as a polynomial in log10 ν/GHz, lowest order first. */
  readonly logPolynomial: readonly number[];
  /** Its flux changes by some percent over years: the polynomial is that of 2016. */
  readonly variable: boolean;
}

/** Perley & Butler (2017), ApJS 230, 7, table 6; 50 MHz to 50 GHz, scale good to 3 %. Variability: their section 5. */
const PERLEY_BUTLER_2017: readonly FluxPolynomial[] = [
  { name: '3C48', logPolynomial: [1.3253, -0.7553, -0.1914, 0.0498], variable: true },
  { name: '3C138', logPolynomial: [1.0088, -0.4981, -0.1552, -0.0102, 0.0223], variable: true },
  { name: '3C147', logPolynomial: [1.4516, -0.6961, -0.2007, 0.064, -0.0464, 0.0289], variable: false },
  { name: '3C196', logPolynomial: [1.2872, -0.853, -0.1534, -0.02, 0.0201], variable: false },
  { name: '3C286', logPolynomial: [1.2481, -0.4507, -0.1798, 0.0357], variable: false },
  { name: '3C295', logPolynomial: [1.4701, -0.7658, -0.278, -0.0347, 0.0399], variable: false },
];

/** The polynomial of a calibrator by its 3C name, or null: its scale is `secondary`. */
export const fluxPolynomial = (name: string): FluxPolynomial | null =>
  PERLEY_BUTLER_2017.find((entry) => entry.name === name) ?? null;

/** Flux of a polynomial at a frequency, Jy. */
export const polynomialFluxJy = (logPolynomial: readonly number[], frequencyHz: number): number =>
  10 ** polynomial(logPolynomial, Math.log10(frequencyHz / 1e9));

/** Flux by a power law, Jy. */
export const powerLawFluxJy = (fluxJy: number, spectralIndex: number, ratio: number): number =>
  fluxJy * ratio ** spectralIndex;
