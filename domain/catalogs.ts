/** The source catalogues that the registry holds behind one interface. */

export const CATALOG_NAMES = ['nvss', 'first', 'rax', 'vlass', 'master'] as const;

/** `rax` is RACS-low; `master` is made here, of NVSS and its counterparts in the others. */
export type CatalogName = (typeof CATALOG_NAMES)[number];

/** What a flux of a catalogue is: of the whole source, or its peak in one beam (equal for a point source). */
export type FluxKind = 'integrated' | 'peak';

/** What is fixed about a catalogue, whichever version of it is loaded. */
export interface CatalogTraits {
  readonly title: string;
  /** Frequency of its fluxes. */
  readonly freqHz: number;
  /** Full width at half power of the survey's beam. */
  readonly beamArcsec: number;
  /** First word of its source names: `NVSS J133108+303032`. */
  readonly prefix: string;
  /** Decimals of the seconds of right ascension and of the arcseconds of declination in names. */
  readonly nameDecimals: { readonly ra: number; readonly dec: number };
  /** What a person does to have it. */
  readonly howToGet: string;
}

const importOrFetch = (name: CatalogName): string =>
  `import a file of it with \`meridian catalog import --name ${name} FILE\`, or ask VizieR for a field with ` +
  `\`meridian catalog fetch --name ${name} --ra RA --dec DEC --radius DEG\``;

export const CATALOGS: Readonly<Record<CatalogName, CatalogTraits>> = {
  nvss: {
    title: 'NVSS, 1.4 GHz (Condon et al. 1998)',
    freqHz: 1.4e9,
    beamArcsec: 45,
    prefix: 'NVSS',
    nameDecimals: { ra: 0, dec: 0 },
    howToGet: 'sources above 50 mJy come with the product and are loaded by `meridian up`',
  },
  first: {
    title: 'FIRST, 1.4 GHz (Helfand et al. 2015)',
    freqHz: 1.4e9,
    beamArcsec: 5.4,
    prefix: 'FIRST',
    nameDecimals: { ra: 1, dec: 0 },
    howToGet: importOrFetch('first'),
  },
  rax: {
    title: 'RACS-low, 887.5 MHz (Hale et al. 2021)',
    freqHz: 887.5e6,
    beamArcsec: 25,
    prefix: 'RACS',
    nameDecimals: { ra: 1, dec: 0 },
    howToGet: importOrFetch('rax'),
  },
  vlass: {
    title: 'VLASS epoch 1 quick look, 3 GHz (Gordon et al. 2021)',
    freqHz: 3e9,
    beamArcsec: 2.5,
    prefix: 'VLASS',
    nameDecimals: { ra: 2, dec: 1 },
    howToGet: importOrFetch('vlass'),
  },
  master: {
    title: 'NVSS with spectral index, resolved and confused flags',
    freqHz: 1.4e9,
    beamArcsec: 45,
    prefix: 'NVSS',
    nameDecimals: { ra: 0, dec: 0 },
    howToGet: 'import at least one of first, rax and vlass, then `meridian catalog build-master`',
  },
};
