/** What the demo tells at its end. */
import type { QaSummary } from '../../domain/generated/stages.ts';
import type { Mosaic } from '../commands/mosaic-create.ts';
import { duration, fixed, flux, percent } from '../output/format.ts';
import { facts, table } from '../output/table.ts';
import type { Judgement } from './judge.ts';

/** One step of the demo and the seconds it took. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly reused: boolean;
}

export interface DemoFacts {
  readonly scene: string;
  readonly mosaic: Mosaic;
  readonly judged: Judgement;
  readonly steps: readonly Step[];
  readonly picture: string;
  readonly qaPicture: string;
  readonly links: { readonly apiDocs: string | null; readonly temporalUi: string | null };
  readonly kept: boolean;
}

const phasesOf = ({ job }: Mosaic) => job?.phases ?? [];

/** The document of `demo --json`. */
export function demoDocument(facts_: DemoFacts): object {
  const { mosaic, judged, steps } = facts_;
  return {
    status: judged.failures.length === 0 ? 'pass' : 'fail',
    scene: facts_.scene,
    mosaic,
    truth: judged.summary,
    steps: steps.map(({ name, seconds, reused }) => ({ name, seconds, reused })),
    phases: phasesOf(mosaic).map(({ name, seconds }) => ({ name, seconds })),
    picture: facts_.picture,
    qa_picture: facts_.qaPicture,
    api_docs_url: facts_.links.apiDocs,
    temporal_ui_url: facts_.links.temporalUi,
    services_kept: facts_.kept,
  };
}

/** The catalogue's figures, as the workflow measured them. */
const catalogue = (mosaic: Mosaic, name: keyof QaSummary): number | null => {
  const value = mosaic.qa.metrics[name];
  return typeof value === 'number' ? value : null;
};

interface Row {
  readonly name: string;
  readonly truth: string;
  readonly catalogue: string;
}

function comparison({ mosaic, judged: { summary } }: DemoFacts): string {
  const row = (name: string, field: keyof QaSummary, show: (value: number | null) => string): Row => ({
    name,
    truth: show((summary[field] ?? null) as number | null),
    catalogue: show(catalogue(mosaic, field)),
  });
  const arcsec = (value: number | null): string => `${fixed(value, 2)}″`;
  return table(
    [
      row('flux ratio', 'flux_ratio', (value) => fixed(value, 4)),
      row('scatter, SNR > 20', 'flux_ratio_scatter', percent),
      row('scatter, SNR > 50', 'flux_ratio_scatter_snr50', percent),
      row('offset RA', 'ra_offset_arcsec', arcsec),
      row('offset Dec', 'dec_offset_arcsec', arcsec),
      row('found above 8 sigma', 'completeness_8sigma', percent),
      row('spurious', 'spurious_fraction', percent),
      row('sources', 'n_matched', (value) => fixed(value, 0)),
    ],
    [
      { title: '', value: (each) => each.name },
      { title: 'truth', value: (each) => each.truth, align: 'right' },
      { title: 'NVSS', value: (each) => each.catalogue, align: 'right' },
    ],
  );
}

const times = ({ mosaic, steps }: DemoFacts): string =>
  table(
    [
      ...steps.map(({ name, seconds, reused }) => ({ name, seconds, note: reused ? 'already there' : '' })),
      ...phasesOf(mosaic).map(({ name, seconds }) => ({ name: `  ${name}`, seconds, note: '' })),
    ],
    [
      { title: 'step', value: (each) => each.name },
      { title: 'time', value: (each) => (each.seconds === null ? '-' : duration(each.seconds)), align: 'right' },
      { title: '', value: (each) => each.note },
    ],
  );

const tiles = ({ mosaic }: DemoFacts): string =>
  table(mosaic.tiles, [
    { title: 'tile', value: (row) => row.group_id },
    { title: 'rms', value: (row) => flux(row.rms_jy), align: 'right' },
    { title: 'QA', value: (row) => row.qa.verdict },
  ]);

/** The whole report. */
export function demoText(demo: DemoFacts): string {
  const { mosaic, judged, links, kept } = demo;
  const verdict =
    judged.failures.length === 0
      ? 'The mosaic agrees with what was put into the sky.'
      : `The mosaic does NOT agree with what was put into the sky:\n${judged.failures.map(({ message }) => `  ${message}`).join('\n')}`;
  return [
    `Mosaic of ${mosaic.n_tiles} tiles around the transit of ${mosaic.calibrator} at ${mosaic.transit_utc}, rms ${flux(mosaic.rms_jy)}`,
    '',
    tiles(demo),
    '',
    comparison(demo),
    '',
    times(demo),
    '',
    verdict,
    '',
    'Where to look next',
    facts([
      ['picture', demo.picture],
      ['against the truth', demo.qaPicture],
      ['mosaic', mosaic.fits],
      ['weight', mosaic.weight],
      ...(kept
        ? ([
            ['Temporal UI', links.temporalUi],
            ['API docs', links.apiDocs],
          ] as const)
        : ([['live views', 'meridian demo --keep leaves Temporal UI and API running']] as const)),
      ['this mosaic', `meridian mosaic show ${mosaic.id}`],
    ]),
  ].join('\n');
}
