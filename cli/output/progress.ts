/** Progress of long work: a bar with ETA on a terminal, a line now and then elsewhere; always on stderr. */
import { duration } from './format.ts';

export interface ProgressState {
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string;
  /** Part of the work; without a terminal each gets a line at once. */
  readonly step?: string | null;
  readonly etaSeconds?: number | null;
}

export interface ProgressSink {
  update(state: ProgressState): void;
  /** Leaves the terminal clean for what comes next. */
  finish(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
/** Seconds between two lines of one step when nobody looks at a terminal. */
const LINE_INTERVAL_SECONDS = 10;

const etaText = (eta: number | null | undefined): string =>
  eta === null || eta === undefined || eta < 1 ? '' : `  ETA ${duration(eta)}`;

const percentText = (fraction: number): string => `${String(Math.floor(fraction * 100)).padStart(3)} %`;

const words = ({ step, message }: ProgressState): string =>
  [step, message].filter((word) => word !== undefined && word !== null && word !== '').join(': ');

function bar(fraction: number): string {
  const full = Math.round(Math.min(Math.max(fraction, 0), 1) * BAR_WIDTH);
  return `[${'='.repeat(full)}${' '.repeat(BAR_WIDTH - full)}]`;
}

class TerminalBar implements ProgressSink {
  private shown = false;
  private readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  update(state: ProgressState): void {
    const line = `${bar(state.fraction)} ${percentText(state.fraction)}${etaText(state.etaSeconds)}  ${words(state)}`;
    this.terminal.write(`\r\x1b[2K${line.slice(0, (this.terminal.columns ?? 100) - 1)}`);
    this.shown = true;
  }

  finish(): void {
    if (this.shown) this.terminal.write('\r\x1b[2K');
    this.shown = false;
  }
}

class PlainLines implements ProgressSink {
  private lastStep: string | null | undefined = null;
  private lastAt = -Infinity;
  private readonly terminal: Terminal;
  private readonly now: () => number;

  constructor(terminal: Terminal, now: () => number) {
    this.terminal = terminal;
    this.now = now;
  }

  update(state: ProgressState): void {
    const at = this.now() / 1000;
    if (words(state) === '') return;
    if (state.step === this.lastStep && at - this.lastAt < LINE_INTERVAL_SECONDS) return;
    this.lastStep = state.step;
    this.lastAt = at;
    this.terminal.write(`${percentText(state.fraction)}  ${words(state)}${etaText(state.etaSeconds)}\n`);
  }

  finish(): void {
    this.lastStep = null;
  }
}

/** What shows progress on this stream. */
export const progressOn = (terminal: Terminal, now: () => number = Date.now): ProgressSink =>
  terminal.isTTY ? new TerminalBar(terminal) : new PlainLines(terminal, now);
