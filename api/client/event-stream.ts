/** Reads server-sent events of the gateway, and resumes where the line was cut. */
import { MeridianError } from '../../domain/errors.ts';
import { errorOfProblem } from './client.ts';

export interface ServerEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Splits text into events as the HTML standard, 9.2.6, says; comments keep the line open and are dropped. */
export async function* parseEventStream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== null) yield event;
    }
  }
}

function parseBlock(block: string): ServerEvent | null {
  let [id, event] = [null as string | null, 'message'];
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const field = line.slice(0, colon);
    if (field === 'id') id = value;
    else if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { id, event, data: data.join('\n') };
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Whether this event is the last one. */
  readonly isLast: (event: ServerEvent) => boolean;
  /** Seconds without any answer after which it gives up; a gateway that restarts is waited for. */
  readonly patienceSeconds?: number;
}

const RETRY_MS = 1_000;

/**
 * Follows a stream to its last event, over cuts and restarts of the gateway, without loss or doubles.
 *
 * @throws MeridianError of a problem document that another try cannot help; SERVICE_UNAVAILABLE after the patience.
 */
export async function* followEvents(url: string, options: FollowOptions): AsyncGenerator<ServerEvent> {
  const patienceMs = (options.patienceSeconds ?? 120) * 1000;
  const reader: Reader = { lastId: null, answeredAt: Date.now(), done: false };
  while (!reader.done) {
    try {
      yield* readOn(url, reader, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (isHopeless(error) || Date.now() - reader.answeredAt > patienceMs) throw error;
    }
    if (!reader.done) await pause(RETRY_MS, options.signal);
  }
}

/** What is remembered from one connection to the next. */
interface Reader {
  lastId: string | null;
  answeredAt: number;
  done: boolean;
}

/** Reads one connection until it ends or the last event has come. */
async function* readOn(url: string, reader: Reader, options: FollowOptions): AsyncGenerator<ServerEvent> {
  for await (const event of openStream(url, reader.lastId, options.signal)) {
    reader.answeredAt = Date.now();
    reader.lastId = event.id ?? reader.lastId;
    reader.done = options.isLast(event);
    yield event;
    if (reader.done) return;
  }
}

/** Another try cannot help: there is no such job, say. */
const isHopeless = (error: unknown): boolean => error instanceof MeridianError && error.code !== 'SERVICE_UNAVAILABLE';

async function* openStream(url: string, lastId: string | null, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const headers = { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) };
  let response: Response;
  try {
    response = await fetch(url, { headers, signal });
  } catch (cause) {
    throw new MeridianError(
      'SERVICE_UNAVAILABLE',
      `the gateway does not answer at ${url}`,
      { service: 'gateway' },
      { cause },
    );
  }
  if (!response.ok || response.body === null) {
    throw errorOfProblem(await response.json().catch(() => null), response.status);
  }
  yield* parseEventStream(response.body);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
