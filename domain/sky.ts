/** Directions on the sky and the geometry between them. */
import { DEG_PER_RAD, RAD_PER_DEG, wrapTwoPi } from './angles.ts';
import { MeridianError } from './errors.ts';

/** A direction in degrees. The frame (ICRS or apparent) is said where it is used. */
export interface SkyPosition {
  readonly raDeg: number;
  readonly decDeg: number;
}

export type Vector = readonly [x: number, y: number, z: number];
export type Matrix = readonly [Vector, Vector, Vector];

/** Unit vector of a direction. */
export function vectorOf(position: SkyPosition): Vector {
  const ra = position.raDeg * RAD_PER_DEG;
  const dec = position.decDeg * RAD_PER_DEG;
  return [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
}

/** Direction of a vector of any length, RA in [0, 360). */
export function positionOf([x, y, z]: Vector): SkyPosition {
  return { raDeg: wrapTwoPi(Math.atan2(y, x)) * DEG_PER_RAD, decDeg: Math.atan2(z, Math.hypot(x, y)) * DEG_PER_RAD };
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

export const scale = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];

export const rotate = (matrix: Matrix, vector: Vector): Vector => [
  dot(matrix[0], vector),
  dot(matrix[1], vector),
  dot(matrix[2], vector),
];

export const transpose = ([a, b, c]: Matrix): Matrix => [
  [a[0], b[0], c[0]],
  [a[1], b[1], c[1]],
  [a[2], b[2], c[2]],
];

/** a · b: first b, then a. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = transpose(b);
  return [rotate(columns, a[0]), rotate(columns, a[1]), rotate(columns, a[2])];
}

/** Rotation of the frame about its x axis. */
export function rotationX(angleRad: number): Matrix {
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  return [
    [1, 0, 0],
    [0, c, s],
    [0, -s, c],
  ];
}

/** Rotation of the frame about its z axis. */
export function rotationZ(angleRad: number): Matrix {
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  return [
    [c, s, 0],
    [-s, c, 0],
    [0, 0, 1],
  ];
}

/**
 * Angle between two directions, degrees, exact for small and for antipodal separations.
 *
 * Source: Vincenty (1975), Survey Review 23, 88, on the unit sphere.
 */
export function separationDeg(a: SkyPosition, b: SkyPosition): number {
  const [dec1, dec2] = [a.decDeg * RAD_PER_DEG, b.decDeg * RAD_PER_DEG];
  const deltaRa = (b.raDeg - a.raDeg) * RAD_PER_DEG;
  const east = Math.cos(dec2) * Math.sin(deltaRa);
  const north = Math.cos(dec1) * Math.sin(dec2) - Math.sin(dec1) * Math.cos(dec2) * Math.cos(deltaRa);
  const along = Math.sin(dec1) * Math.sin(dec2) + Math.cos(dec1) * Math.cos(dec2) * Math.cos(deltaRa);
  return Math.atan2(Math.hypot(east, north), along) * DEG_PER_RAD;
}

/**
 * A direction from outside, RA wrapped into [0, 360).
 *
 * @throws MeridianError REQUEST_INVALID if a coordinate is no number or |Dec| > 90°.
 */
export function requirePosition(raDeg: number, decDeg: number): SkyPosition {
  if (!Number.isFinite(raDeg)) {
    throw new MeridianError('REQUEST_INVALID', `ra_deg must be a number of degrees, got ${raDeg}`, { field: 'ra_deg' });
  }
  if (!(Math.abs(decDeg) <= 90)) {
    throw new MeridianError('REQUEST_INVALID', `dec_deg must be between -90 and 90, got ${decDeg}`, {
      field: 'dec_deg',
    });
  }
  return { raDeg: wrapTwoPi(raDeg * RAD_PER_DEG) * DEG_PER_RAD, decDeg };
}
