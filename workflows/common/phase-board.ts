/** The phases of a run: what the query `status` and the Temporal UI show. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { PhaseState, PhaseStatus } from '../contracts/control.ts';
import { phaseKey } from '../contracts/search-attributes.ts';

const SIGN: Readonly<Record<PhaseState, string>> = {
  pending: '·',
  running: '▶',
  done: '✓',
  failed: '✗',
  cancelled: '–',
};

/** Name and label of a phase. */
export interface PhaseName {
  readonly name: string;
  readonly label: string;
}

/** How far a phase is. */
export interface PhaseProgress {
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

export class PhaseBoard {
  private readonly title: string;
  private readonly labels: ReadonlyMap<string, string>;
  private phases: PhaseStatus[];
  private note = '';

  constructor(title: string, names: readonly PhaseName[]) {
    this.title = title;
    this.labels = new Map(names.map(({ name, label }) => [name, label]));
    this.phases = names.map(({ name }) => ({
      name,
      state: 'pending',
      done: 0,
      total: 0,
      message: '',
      startedAt: null,
      endedAt: null,
    }));
    this.show();
  }

  get list(): readonly PhaseStatus[] {
    return this.phases;
  }

  get current(): PhaseStatus | null {
    return this.phases.find((phase) => phase.state === 'running') ?? null;
  }

  begin(name: string): void {
    this.change(name, { state: 'running', startedAt: now() });
    upsertSearchAttributes([{ key: phaseKey, value: name }]);
  }

  report(name: string, progress: PhaseProgress): void {
    this.change(name, progress);
  }

  end(name: string, state: PhaseState): void {
    this.change(name, { state, endedAt: now() });
  }

  /** A line above the phases: paused by whom, cancelled why. */
  say(note: string): void {
    this.note = note;
    this.show();
  }

  private change(name: string, change: Partial<PhaseStatus>): void {
    this.phases = this.phases.map((phase) => (phase.name === name ? { ...phase, ...change } : phase));
    this.show();
  }

  private show(): void {
    const lines = this.phases.map((phase) => {
      const count = phase.total > 0 ? ` (${phase.done} of ${phase.total})` : '';
      const message = phase.message === '' ? '' : `: ${phase.message}`;
      return `- ${SIGN[phase.state]} ${this.labels.get(phase.name) ?? phase.name}${count}${message}`;
    });
    setCurrentDetails([`**${this.title}**`, ...(this.note === '' ? [] : [this.note]), ...lines].join('\n'));
  }
}

const now = (): string => new Date().toISOString();
