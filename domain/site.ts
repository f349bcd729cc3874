/** The observing site: the T-centre of the DSA-110, the one position used everywhere. */
export const SITE = {
  /** East longitude. */
  longitudeRad: -2.064427799136453,
  /** Geodetic latitude (WGS84). */
  latitudeRad: 0.6498455107238486,
  heightM: 1188.05,
} as const;
