/** Progress of long work: a bar with ETA on a terminal, a line now and then elsewhere; always on stderr. */
import { duration } from './format.ts';

export interface ProgressState {
  /** 0 to 1. */
  readonly fraction: number;
  readonly message: string;
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
/** Seconds between two lines when the message stays the same and nobody looks at a terminal. */
const LINE_INTERVAL_SECONDS = 15;

const etaText = (eta: number | null | undefined): string =>
  eta === null || eta === undefined ? '' : `  ETA ${duration(eta)}`;

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

  update({ fraction, message, etaSeconds }: ProgressState): void {
    const line = `${bar(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)} %${etaText(etaSeconds)}  ${message}`;
    this.terminal.write(`\r\x1b[2K${line.slice(0, (this.terminal.columns ?? 100) - 1)}`);
    this.shown = true;
  }

  finish(): void {
    if (this.shown) this.terminal.write('\r\x1b[2K');
    this.shown = false;
  }
}

class PlainLines implements ProgressSink {
  private lastMessage = '';
  private lastAt = 0;
  private readonly terminal: Terminal;
  private readonly now: () => number;

  constructor(terminal: Terminal, now: () => number) {
    this.terminal = terminal;
    this.now = now;
  }

  update({ fraction, message, etaSeconds }: ProgressState): void {
    const at = this.now() / 1000;
    if (message === this.lastMessage && at - this.lastAt < LINE_INTERVAL_SECONDS) return;
    this.lastMessage = message;
    this.lastAt = at;
    this.terminal.write(`${String(Math.floor(fraction * 100)).padStart(3)} %  ${message}${etaText(etaSeconds)}\n`);
  }

  finish(): void {
    this.lastMessage = '';
  }
}

/** What shows progress on this stream. */
export const progressOn = (terminal: Terminal, now: () => number = Date.now): ProgressSink =>
  terminal.isTTY ? new TerminalBar(terminal) : new PlainLines(terminal, now);
