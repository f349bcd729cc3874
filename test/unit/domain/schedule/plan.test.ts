/** The plan of transits, and what changes when it is made again. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shippedCalibrators } from '../../../../config/shipped-data.ts';
import { comparePlans, type KnownTransit, type PlanSituation } from '../../../../domain/schedule/compare-plans.ts';
import {
  planRange,
  planTransits,
  presentPointing,
  type Pointing,
  type ScheduledCalibrator,
  type TransitPlan,
} from '../../../../domain/schedule/plan.ts';
import type { TransitState } from '../../../../domain/schedule/transit-states.ts';
import { mjdFromIso } from '../../../../domain/time.ts';
import { transitNearest } from '../../../../domain/transits.ts';

interface TransitCase {
  readonly name: string;
  readonly ra_deg: number;
  readonly dec_deg: number;
  readonly mjd: number;
}
const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/transits_year_astropy.json', import.meta.url), 'utf8'),
) as { transits: TransitCase[] };

const SECONDS = 86_400;
const catalog = shippedCalibrators();
const NOW = mjdFromIso('2026-01-25T06:00:00');

function scheduled(name: string, change: Partial<ScheduledCalibrator> = {}): ScheduledCalibrator {
  const calibrator = catalog.require(name);
  return {
    name: calibrator.name,
    position: calibrator.position,
    decDeg: null,
    timespanMinutes: 50,
    deadlineMinutes: 60,
    request: { calibrator: calibrator.name, min_subbands: 12 },
    sinceMjd: NOW - 10,
    paused: null,
    ...change,
  };
}

const passes = (name: string): number => transitNearest(catalog.require(name).position, NOW).apparent.decDeg;
const pointingAt = (decDeg: number): Pointing => ({ groupId: '2026-01-25T05:51:00', decDeg });
const known = (plans: readonly TransitPlan[], state: TransitState = 'planned'): KnownTransit[] =>
  plans.map((plan) => ({ ...plan, state }));

describe('against astropy', () => {
  it('transits of five calibrators are within 1 s all year', () => {
    expect(new Set(fixture.transits.map(({ name }) => name)).size).toBe(5);
    for (const { name, ra_deg: raDeg, dec_deg: decDeg, mjd } of fixture.transits) {
      const calibrator = scheduled('3C286', { name, position: { raDeg, decDeg } });
      const plans = planTransits([calibrator], { startMjd: mjd - 0.4, endMjd: mjd + 0.4 }, null);
      expect(plans).toHaveLength(1);
      expect(Math.abs((plans[0]?.transitMjd ?? 0) - mjd) * SECONDS).toBeLessThan(1);
    }
  });
});

describe('a plan', () => {
  it('has consecutive transits of a calibrator 86400 - 235.9 s apart, within 0.3 s', () => {
    const plans = planTransits([scheduled('3C286')], { startMjd: NOW, endMjd: NOW + 30 }, null);
    expect(plans).toHaveLength(30);
    plans.slice(1).forEach((later, index) => {
      const earlier = plans[index] as TransitPlan;
      expect(later.transitNumber).toBe(earlier.transitNumber + 1);
      expect(Math.abs((later.transitMjd - earlier.transitMjd) * SECONDS - (86_400 - 235.9))).toBeLessThan(0.3);
    });
  });

  it('has two transits of one UTC date as two', () => {
    const year = planTransits([scheduled('3C286')], { startMjd: 61_000, endMjd: 61_400 }, null);
    const first = year.find(({ transitMjd }) => transitMjd % 1 < 0.0027) as TransitPlan;
    const sameDate = year.filter(({ transitMjd }) => Math.floor(transitMjd) === Math.floor(first.transitMjd));
    expect(sameDate.map(({ transitNumber }) => transitNumber)).toEqual([first.transitNumber, first.transitNumber + 1]);
  });

  it('leaves out what is paused, out of the beam, or wanted at another declination', () => {
    const range = planRange(NOW);
    const pointing = pointingAt(passes('3C286'));
    const count = (change: Partial<ScheduledCalibrator>, at: Pointing): number =>
      planTransits([scheduled('3C286', change)], range, at).length;
    expect(count({}, pointing)).toBe(2);
    expect(count({ paused: 'jane: sun' }, pointing)).toBe(0);
    expect(count({}, pointingAt(pointing.decDeg + 5))).toBe(0);
    expect(count({ decDeg: pointing.decDeg + 0.05 }, pointing)).toBe(2);
    expect(count({ decDeg: pointing.decDeg + 0.5 }, pointing)).toBe(0);
  });

  it('of 500 calibrators and 30 days takes seconds at worst', () => {
    const many = catalog.all.slice(0, 500).map(({ name, position }) => scheduled('3C286', { name, position }));
    const begun = process.cpuUsage();
    const plans = planTransits(many, { startMjd: NOW, endMjd: NOW + 30 }, null);
    const { user, system } = process.cpuUsage(begun);
    expect(plans.length).toBeGreaterThan(13_000);
    // Alone, outside of a test, it takes half a second; this guards against another order of growth.
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

describe('the present pointing', () => {
  it('is the newest that two groups agree on', () => {
    const of = (...decs: number[]) => presentPointing(decs.map((decDeg, index) => ({ groupId: `g${index}`, decDeg })));
    expect(of()).toBeNull();
    expect(of(30)?.decDeg).toBe(30);
    expect(of(54, 30, 30.05)?.groupId).toBe('g1');
    expect(of(54, 54.01, 30)?.groupId).toBe('g0');
  });
});

describe('planning again', () => {
  const names = ['3C286', '3C48', '3C147', '3C196', '3C454.3'];
  const situation = (change: Partial<PlanSituation> = {}): PlanSituation => ({
    calibrators: names.map((name) => scheduled(name)),
    pointing: null,
    nowMjd: NOW,
    ...change,
  });

  it('changes nothing, whatever the list, the pointing and the time', () => {
    const anyDec = fc.double({ min: 10, max: 60, noNaN: true });
    const anyTime = fc.double({ min: mjdFromIso('2026-01-01'), max: mjdFromIso('2027-01-01'), noNaN: true });
    fc.assert(
      fc.property(
        fc.subarray(names),
        anyDec,
        anyTime,
        fc.double({ min: 0, max: 0.04, noNaN: true }),
        (list, dec, now, later) => {
          const calibrators = list.map((name) => scheduled(name, { sinceMjd: now - 1 }));
          const pointing = pointingAt(dec);
          const plans = planTransits(calibrators, planRange(now), pointing);
          const again = planTransits(calibrators, planRange(now + later), pointing);
          const changes = comparePlans(again, known(plans), { calibrators, pointing, nowMjd: now + later });
          expect(changes.filter(({ kind }) => kind !== 'start')).toEqual([]);
          // An hour on, only transits that came into the range are new; none is doubled.
          const numbers = new Set(plans.map((plan) => `${plan.calibrator}/${plan.transitNumber}`));
          for (const change of changes) {
            if (change.kind === 'start')
              expect(numbers.has(`${change.plan.calibrator}/${change.plan.transitNumber}`)).toBe(false);
          }
          expect(comparePlans(plans, known(plans), { calibrators, pointing, nowMjd: now })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('strikes off what a change of declination takes away, and starts what it brings', () => {
    const { calibrators } = situation();
    const [old, now] = [pointingAt(passes('3C286')), pointingAt(passes('3C147'))];
    const before = planTransits(calibrators, planRange(NOW), old);
    const after = planTransits(calibrators, planRange(NOW), now);
    const changes = comparePlans(after, known(before), situation({ pointing: now }));
    const struck = changes.filter(({ kind }) => kind === 'strike');
    const ahead = before.filter(({ transitMjd }) => transitMjd > NOW);
    expect(ahead.length).toBeGreaterThan(0);
    expect(struck).toHaveLength(ahead.length);
    expect(struck[0]).toMatchObject({ reason: expect.stringContaining('3C286 passes at Dec 30.37°') });
    expect(changes.filter(({ kind }) => kind === 'start')).toHaveLength(after.length);
  });

  it('leaves a transit that has happened to the data of its time', () => {
    const { calibrators } = situation();
    const plans = planTransits(calibrators, planRange(NOW), pointingAt(passes('3C286')));
    const last = Math.max(...plans.map(({ transitMjd }) => transitMjd));
    const later = situation({ pointing: pointingAt(60), nowMjd: last + 0.01 });
    expect(comparePlans([], known(plans, 'waiting'), later)).toEqual([]);
    const removed = comparePlans([], known(plans, 'waiting'), { ...later, calibrators: [] });
    expect(removed).toHaveLength(plans.length);
    expect(removed[0]).toMatchObject({ kind: 'strike', reason: '3C286 was taken off the schedule' });
  });

  it('touches nothing that was asked for or has ended, and starts again what was struck off', () => {
    const { calibrators } = situation();
    const plans = planTransits(calibrators, planRange(NOW), pointingAt(passes('3C286')));
    for (const state of ['asked', 'done', 'failed', 'missed'] as const) {
      expect(comparePlans([], known(plans, state), situation({ calibrators: [] }))).toEqual([]);
      expect(comparePlans(plans, known(plans, state), situation())).toEqual([]);
    }
    expect(comparePlans(plans, known(plans, 'struck'), situation())).toHaveLength(plans.length);
  });

  it('moves an open transit when window, deadline or recipe changed, and says which', () => {
    const plans = planTransits([scheduled('3C286')], planRange(NOW), null);
    const reasons = (change: Partial<ScheduledCalibrator>): string[] =>
      comparePlans(planTransits([scheduled('3C286', change)], planRange(NOW), null), known(plans), situation()).map(
        (one) => (one.kind === 'move' ? one.reason.split(' ').slice(0, 2).join(' ') : one.kind),
      );
    expect(reasons({ timespanMinutes: 60 })).toEqual(['the window', 'the window']);
    expect(reasons({ deadlineMinutes: 90 })).toEqual(['the deadline', 'the deadline']);
    expect(reasons({ request: { calibrator: '3C286', min_subbands: 16 } })).toEqual(['the recipe', 'the recipe']);
    expect(reasons({ request: { min_subbands: 12, calibrator: '3C286' } })).toEqual([]);
  });

  it('plans nothing from before a calibrator came on the list', () => {
    const plans = planTransits([scheduled('3C286')], { startMjd: NOW - 3, endMjd: NOW }, null);
    const changes = comparePlans(plans, [], situation({ calibrators: [scheduled('3C286', { sinceMjd: NOW - 1 })] }));
    expect(changes).toHaveLength(plans.filter(({ transitMjd }) => transitMjd >= NOW - 1).length);
    expect(changes.length).toBeLessThan(plans.length);
  });
});
