/** The phases of a mosaic, as data: what the workflow goes through, and what people read about it. */
import type { MosaicGroupState } from './states.ts';

export interface MosaicPhase {
  readonly id: string;
  readonly label: string;
  /** One sentence for the status page. */
  readonly description: string;
  /** What is counted while it runs; null for a phase that is one piece of work. */
  readonly unit: 'group' | 'tile' | null;
  /** State of the mosaic group once it is done; null if it stays as it is. */
  readonly reaches: MosaicGroupState | null;
  /** Stages whose history tells how long it takes; lines of `stage-policies.ts`. */
  readonly stages: readonly string[];
}

export const MOSAIC_PHASES = [
  {
    id: 'find_transit',
    label: 'Find transit window',
    description: 'Find the transit that is asked for and check that its window has closed.',
    unit: null,
    reaches: null,
    stages: ['plan'],
  },
  {
    id: 'plan',
    label: 'Plan',
    description: 'List the groups in the window, what is there already and what is missing.',
    unit: null,
    reaches: null,
    stages: ['plan'],
  },
  {
    id: 'ensure_ms',
    label: 'Ensure measurement sets',
    description: 'Convert and flag the groups that have no measurement set yet.',
    unit: 'group',
    reaches: null,
    stages: ['convert', 'flag'],
  },
  {
    id: 'form_group',
    label: 'Form group',
    description: 'Fix which measurement sets the mosaic is made of.',
    unit: null,
    reaches: 'formed',
    stages: ['registry'],
  },
  {
    id: 'solve',
    label: 'Solve',
    description: 'Take valid caltables, or solve delay, bandpass and gain on the calibrator.',
    unit: null,
    reaches: 'calibrated',
    stages: ['solve'],
  },
  {
    id: 'apply',
    label: 'Apply',
    description: 'Apply the caltables to every measurement set.',
    unit: 'tile',
    reaches: null,
    stages: ['apply'],
  },
  {
    id: 'image',
    label: 'Image',
    description: 'Image every calibrated measurement set and check the tile.',
    unit: 'tile',
    reaches: 'imaged',
    stages: ['image'],
  },
  {
    id: 'mosaic',
    label: 'Mosaic',
    description: 'Check that the tiles agree and combine them.',
    unit: null,
    reaches: 'mosaicked',
    stages: ['mosaic'],
  },
  {
    id: 'qa',
    label: 'QA',
    description: 'Compare the mosaic with the catalogue and judge it.',
    unit: null,
    reaches: null,
    stages: ['qa'],
  },
  {
    id: 'publish',
    label: 'Publish',
    description: 'Copy the mosaic to the published folder.',
    unit: null,
    reaches: null,
    stages: ['publish'],
  },
  {
    id: 'confirm',
    label: 'Confirm published',
    description: 'Read the published files again and compare their hashes.',
    unit: null,
    reaches: 'done',
    stages: ['confirm'],
  },
] as const satisfies readonly MosaicPhase[];

export type MosaicPhaseId = (typeof MOSAIC_PHASES)[number]['id'];
