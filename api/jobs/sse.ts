/** Server-sent events as text, and waiting for the next one. */

/** One message; line breaks in names are taken out, the data is one line of JSON. */
export function message(parts: { readonly id?: string; readonly event: string; readonly data: unknown }): string {
  const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ');
  const id = parts.id === undefined ? '' : `id: ${oneLine(parts.id)}\n`;
  return `${id}event: ${oneLine(parts.event)}\ndata: ${JSON.stringify(parts.data)}\n\n`;
}

/** A comment: readers skip it, the line stays open. */
export const comment = (text: string): string => `: ${text}\n\n`;

/** Lets one reader sleep until something rings, a time has passed, or it is over. */
export class Alarm {
  private readonly end: AbortSignal;
  private rung = false;
  private wake: (() => void) | undefined;
  private readonly onEnd = (): void => this.ring();

  constructor(end: AbortSignal) {
    this.end = end;
    end.addEventListener('abort', this.onEnd);
  }

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Returns at once when it rang since the last wait. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.rung && !this.end.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = undefined;
    this.rung = false;
  }

  stop(): void {
    this.end.removeEventListener('abort', this.onEnd);
  }
}
