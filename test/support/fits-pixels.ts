/** Pixels of simple FITS images: one header, one array of 32-bit floats. */
import { readFileSync } from 'node:fs';

const BLOCK = 2880;
const CARD = 80;

/** Values of the primary array in the order of the file; NaN where there is none. */
export function fitsPixels(file: string): Float32Array {
  const bytes = readFileSync(file);
  const cards = new Map<string, string>();
  let at = 0;
  for (; ; at += CARD) {
    const card = bytes.toString('latin1', at, at + CARD);
    if (card.startsWith('END ')) break;
    if (card === '') throw new Error(`${file} is not a FITS file`);
    cards.set(card.slice(0, 8).trim(), (card.slice(10).split('/')[0] ?? '').trim());
  }
  if (cards.get('BITPIX') !== '-32') throw new Error(`${file} does not hold 32-bit floats`);
  const start = (Math.floor(at / BLOCK) + 1) * BLOCK;
  const axes = Array.from({ length: Number(cards.get('NAXIS')) }, (_, axis) => Number(cards.get(`NAXIS${axis + 1}`)));
  const count = axes.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: count }, (_, index) => bytes.readFloatBE(start + 4 * index));
}

/** Largest difference of two images; infinite where they differ in size or in where they have no value. */
export function largestDifference(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return Infinity;
  return one.reduce((largest, value, index) => {
    const second = other[index] ?? Number.NaN;
    if (Number.isNaN(value) !== Number.isNaN(second)) return Infinity;
    return Number.isNaN(value) ? largest : Math.max(largest, Math.abs(value - second));
  }, 0);
}
