import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseCalibratorList } from '../../../domain/calibrator-list.ts';
import {
  CalibratorCatalog,
  calibratorFluxJy,
  calibratorModel,
  requireSuitable,
  unsuitability,
} from '../../../domain/calibrators.ts';
import { editDistance } from '../../../domain/spelling.ts';

const text = readFileSync(
  new URL('../../../compute/meridian_compute/data/vla_calibrators.txt', import.meta.url),
  'latin1',
);
const entries = parseCalibratorList(text);
const catalog = new CalibratorCatalog(text);

describe('the VLA calibrator list', () => {
  it('has the counts of the manual', () => {
    const at20cm = entries.flatMap((entry) => entry.bands.filter(({ band }) => band === '20cm'));

    expect(entries).toHaveLength(1865);
    expect(new Set(entries.map((entry) => entry.j2000Name)).size).toBe(1861);
    expect(entries.every((entry) => entry.b1950Name !== null)).toBe(true);
    expect(at20cm.filter(({ fluxJy }) => fluxJy !== null)).toHaveLength(1041);
    expect(at20cm.filter(({ fluxJy }) => fluxJy !== null && fluxJy >= 1)).toHaveLength(500);
    expect(entries.flatMap((entry) => entry.bands)).toHaveLength(5549);
  });

  it('gives 3C286 as it is printed', () => {
    const entry = entries.find((candidate) => candidate.altName === '3C286')!;

    expect(entry).toMatchObject({ j2000Name: '1331+305', b1950Name: '1328+307', positionCode: 'A' });
    expect(entry.position.raDeg).toBeCloseTo((13 + 31 / 60 + 8.287984 / 3600) * 15, 11);
    expect(entry.position.decDeg).toBeCloseTo(30 + 30 / 60 + 32.95885 / 3600, 11);
    expect(entry.bands.find(({ band }) => band === '20cm')).toEqual({
      band: '20cm',
      codes: { A: 'S', B: 'S', C: 'P', D: 'P' },
      fluxJy: 15,
      uvminKlambda: null,
      uvmaxKlambda: null,
    });
  });

  it('reads both layouts of rows, telling UVMIN from UVMAX by their columns', () => {
    const row = (line: string) =>
      parseCalibratorList(`0003-174   J2000  T 00h03m21.9969s   -17d27'11.781"\n${line}`)[0]!.bands[0]!;

    expect(row(' 20cm    L  S X X X       1.60           45')).toMatchObject({ uvminKlambda: 45, uvmaxKlambda: null });
    expect(row(' 20cm    L  X X X S        2.2                        7')).toMatchObject({
      fluxJy: 2.2,
      uvminKlambda: null,
      uvmaxKlambda: 7,
    });
    expect(row(' 20cm L  X X X X       1.00             6         visplot')).toMatchObject({
      uvminKlambda: 6,
      uvmaxKlambda: null,
    });
    expect(row(' 20cm L  X P P P      16.50                       40   visplot')).toMatchObject({
      fluxJy: 16.5,
      codes: { A: 'X', B: 'P', C: 'P', D: 'P' },
      uvmaxKlambda: 40,
    });
    expect(row(' 20cm    L  X S X X       0.76           15          50')).toMatchObject({
      uvminKlambda: 15,
      uvmaxKlambda: 50,
    });
  });

  it('keeps the sign of declinations between 0 and -1 degrees', () => {
    const [entry] = parseCalibratorList(`0000-001   J2000  T 00h00m00.0000s   -00d30'00.000"`);

    expect(entry!.position.decDeg).toBe(-0.5);
  });
});

describe('names', () => {
  it.each([
    ['3C286', '3C286'],
    ['3c 286', '3C286'],
    ['1331+305', '3C286'],
    ['J1331+305', '3C286'],
    ['J1331+3030', '3C286'],
    ['1328+307', '3C286'],
    ['B1328+307', '3C286'],
    ['3C48', '3C48'],
    ['3C147', '3C147'],
    ['3C196', '3C196'],
    ['3C295', '3C295'],
    ['3C138', '3C138'],
    ['3c454.3', '3C454.3'],
    ['BL Lac', '2202+422'],
    ['bllac', '2202+422'],
    ['M87', '3C274'],
    ['NGC 1275', '3C84'],
    ['Per A', '3C84'],
    ['OJ287', '0854+201'],
    ['4C39.25', '0927+390'],
    ['DA193', '0555+398'],
    ['CTA 102', '2232+117'],
    ['NRAO530', '1733-130'],
    ['NRAO512', '1640+397'],
    ['1733\u2212130', '1733-130'],
  ])('%s is %s', (given, name) => {
    expect(catalog.find(given)?.name).toBe(name);
  });

  it('never let a B1950 name hide a J2000 name', () => {
    for (const calibrator of catalog.all) {
      expect(catalog.find(calibrator.name)).toBe(calibrator);
      expect(catalog.find(calibrator.j2000Name)?.j2000Name).toBe(calibrator.j2000Name);
    }
  });

  it('take the entry with a 20 cm flux where the list has a name twice', () => {
    expect(catalog.find('0354+801')?.band20cm?.fluxJy).toBe(0.6);
    expect(catalog.find('1300+142')?.band20cm?.fluxJy).toBe(0.6);
    expect(catalog.find('0632+159')?.positionCode).toBe('A');
  });

  it('of surveys are no names of sources', () => {
    expect(catalog.find('JVAS')).toBeUndefined();
    expect(catalog.find('VERA')).toBeUndefined();
  });

  it('that are unknown are answered with the nearest ones', () => {
    expect(() => catalog.require('3C268')).toThrow(
      expect.objectContaining({
        code: 'CALIBRATOR_UNKNOWN',
        message: expect.stringMatching(/no "3C268"; nearest names: 3C.*3C286|3C26/),
      }),
    );
    expect(() => catalog.require('1331+306')).toThrow(/nearest names: 1331\+305, (?!J1331\+305)/);
    expect(() => catalog.require('')).toThrow(expect.objectContaining({ code: 'CALIBRATOR_UNKNOWN' }));
  });

  it('are compared by edits', () => {
    expect([editDistance('3C286', '3C286'), editDistance('', 'abc'), editDistance('3C268', '3C286')]).toEqual([
      0, 3, 2,
    ]);
  });
});

describe('flux scale', () => {
  it.each([
    // log10 S = a0 + a1 x + a2 x² …, x = log10 1.4 = 0.146128, worked by hand from table 6 of Perley & Butler (2017).
    ['3C286', 1.405e9, 15.06],
    ['3C286', 1.4e9, 15.08],
    ['3C48', 1.4e9, 16.26],
    ['3C147', 1.4e9, 22.17],
    ['3C196', 1.4e9, 14.43],
    ['3C295', 1.4e9, 22.5],
    ['3C138', 1.4e9, 8.56],
  ])('of %s at %p Hz is %p Jy', (name, frequencyHz, fluxJy) => {
    expect(calibratorFluxJy(catalog.require(name), frequencyHz)).toBeCloseTo(fluxJy, 1.9);
  });

  it('is the list with -0.7 for the others, and said so', () => {
    const calibrator = catalog.require('3C454.3');

    expect(calibratorFluxJy(calibrator, 1.4e9)).toBe(10);
    expect(calibratorFluxJy(calibrator, 2.8e9)).toBeCloseTo(10 * 2 ** -0.7, 9);
    expect(calibratorModel(calibrator)).toMatchObject({
      name: '3C454.3',
      flux_jy: 10,
      ref_freq_hz: 1.4e9,
      spectral_index: -0.7,
      flux_scale: 'secondary',
      log_polynomial: null,
      variable: false,
      uvmin_klambda: null,
      uvmax_klambda: 7,
    });
  });

  it('warns of the two primaries that vary', () => {
    const variable = ['3C286', '3C48', '3C147', '3C196', '3C295', '3C138'].filter(
      (name) => calibratorModel(catalog.require(name)).variable,
    );

    expect(variable).toEqual(['3C48', '3C138']);
  });

  it('gives stages the slope of the polynomial at the reference frequency', () => {
    const model = calibratorModel(catalog.require('3C286'));
    const [below, above] = [1.399e9, 1.401e9].map((hz) => calibratorFluxJy(catalog.require('3C286'), hz)!);

    expect(model.spectral_index).toBeCloseTo(Math.log(above! / below!) / Math.log(1.401 / 1.399), 6);
    expect(model.log_polynomial).toEqual([1.2481, -0.4507, -0.1798, 0.0357]);
  });
});

describe('suitability', () => {
  it('wants code P or S in C array and a flux', () => {
    expect(unsuitability(catalog.require('3C286'))).toBeNull();
    expect(unsuitability(catalog.require('3C84'))).toBe('its code at 20 cm in C array is X, not P or S');
    expect(unsuitability(catalog.require('4C39.25'))).toBe('the list gives no flux at 20 cm');
    expect(unsuitability(catalog.require('1326+319'))).toBe(
      'the list wants baselines above 6 kλ at 20 cm, and the core ends at 2.27 kλ',
    );
  });

  it('can be forced, but not without a flux', () => {
    expect(() => requireSuitable(catalog.require('3C84'), false)).toThrow(
      expect.objectContaining({ code: 'CALIBRATOR_UNSUITABLE' }),
    );
    expect(() => requireSuitable(catalog.require('3C84'), true)).not.toThrow();
    expect(() => requireSuitable(catalog.require('4C39.25'), true)).toThrow(/no flux/);
    expect(() => calibratorModel(catalog.require('4C39.25'))).toThrow(/no flux/);
  });
});
