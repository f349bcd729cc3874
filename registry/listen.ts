/** Following the log of events as it grows. */
import pg from 'pg';
import { clientConfig, type ConnectionOptions } from './connection.ts';
import type { EventFilter, EventRepository, MeridianEvent } from './events.ts';

export interface EventFeedOptions extends ConnectionOptions {
  readonly events: EventRepository;
  /** Notifications can be lost with a connection that broke unnoticed: how often to look in any case; default 5 s. */
  readonly lookIntervalMs?: number;
}

export interface EventSubscription {
  /** Begin after this number; default: with what comes from now on. */
  readonly afterId?: number;
  readonly filter?: EventFilter;
  /** Called in order of number, each event once; the next one waits for its promise. */
  readonly onEvent: (event: MeridianEvent) => void | Promise<void>;
  /** Reading failed for good reasons of the subscriber's own; server trouble is waited out. */
  readonly onError?: (error: Error) => void;
}

const CHANNEL = 'meridian_events';
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5000;
const DEFAULT_LOOK_INTERVAL_MS = 5000;
const PAGE = 500;

/** One subscriber with its own place in the log. */
class Follower {
  readonly #events: EventRepository;
  readonly #subscription: EventSubscription;
  #afterId: number | undefined;
  #reading = false;
  #again = false;
  #stopped = false;

  constructor(events: EventRepository, subscription: EventSubscription) {
    this.#events = events;
    this.#subscription = subscription;
    this.#afterId = subscription.afterId;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Read what is new; a call during a read makes it read once more. */
  async wake(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.#readOn();
      }
    } finally {
      this.#reading = false;
    }
  }

  async #readOn(): Promise<void> {
    this.#afterId ??= await this.#events.latestId();
    for (;;) {
      const page = await this.#events.after(this.#afterId, this.#subscription.filter, PAGE);
      for (const event of page) {
        if (this.#stopped) return;
        await this.#deliver(event);
        this.#afterId = event.id;
      }
      if (page.length < PAGE) return;
    }
  }

  async #deliver(event: MeridianEvent): Promise<void> {
    try {
      await this.#subscription.onEvent(event);
    } catch (error) {
      this.stop();
      this.#subscription.onError?.(error as Error);
    }
  }
}

/**
 * Tells subscribers of events soon after they are committed. One connection listens; when it breaks it is opened again,
 * and everybody reads on from where they were, so nothing is missed and nothing comes twice.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #followers = new Set<Follower>();
  #client: pg.Client | undefined;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Begin to listen; returns at once, also when the server is away. */
  start(): void {
    this.#lookTimer = setInterval(() => this.#wakeAll(), this.#options.lookIntervalMs ?? DEFAULT_LOOK_INTERVAL_MS);
    this.#lookTimer.unref();
    void this.#connect();
  }

  /** Follow the log; call the returned function to stop. */
  subscribe(subscription: EventSubscription): () => void {
    const follower = new Follower(this.#options.events, subscription);
    this.#followers.add(follower);
    this.#wake(follower);
    return () => {
      follower.stop();
      this.#followers.delete(follower);
    };
  }

  /** Whether the listening connection stands; without it events arrive a few seconds later. */
  get isListening(): boolean {
    return this.#client !== undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#lookTimer);
    for (const follower of this.#followers) follower.stop();
    this.#followers.clear();
    await this.#client?.end().catch(() => undefined);
    this.#client = undefined;
  }

  async #connect(): Promise<void> {
    if (this.#stopped) return;
    const client = new pg.Client(clientConfig(this.#options));
    client.on('error', () => undefined);
    client.once('end', () => this.#reconnect(client));
    client.on('notification', () => this.#wakeAll());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.#options.onIdleError?.(error as Error);
      await client.end().catch(() => undefined);
      this.#reconnect(client);
      return;
    }
    this.#client = client;
    this.#retryMs = FIRST_RETRY_MS;
    this.#wakeAll();
  }

  #reconnect(client: pg.Client): void {
    client.removeAllListeners('end');
    if (this.#client === client) this.#client = undefined;
    if (this.#stopped) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #wakeAll(): void {
    for (const follower of this.#followers) this.#wake(follower);
  }

  /** A read that fails is tried again at the next notification, connection or look. */
  #wake(follower: Follower): void {
    follower.wake().catch((error: Error) => this.#options.onIdleError?.(error));
  }
}
