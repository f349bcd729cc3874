/** Reading the lines that another process appends to a file. */
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/** Gives each complete line once, in order; a half-written last line waits for its end. */
export class LineTail {
  readonly #path: string;
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** Lines that were completed since the last call; none while the file is not there. */
  async read(): Promise<string[]> {
    const lines: string[] = [];
    const handle = await open(this.#path, 'r').catch(() => undefined);
    if (handle === undefined) return lines;
    try {
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, this.#offset);
        if (bytesRead === 0) return lines;
        this.#offset += bytesRead;
        lines.push(...this.#split(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await handle.close();
    }
  }

  #split(chunk: Buffer): string[] {
    const whole = Buffer.concat([this.#rest, chunk]);
    const end = whole.lastIndexOf(0x0a);
    this.#rest = whole.subarray(end + 1);
    return end < 0 ? [] : whole.subarray(0, end).toString('utf8').split('\n');
  }
}
