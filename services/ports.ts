/** Chooses the ports of a home once and keeps them; a port somebody else uses is never fought over. */
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { MeridianError } from '../domain/errors.ts';
import { readPorts } from '../config/index.ts';
import type { Ports } from '../config/index.ts';
import { writeJsonFile } from './state-file.ts';

/** The first home of a machine gets these, so that its addresses are easy to remember. */
const PREFERRED: Ports = { gateway: 8610, temporal_ui: 8611, temporal: 8612, postgres: 8613 };
/** Others get random ones, below the range that the kernel gives to outgoing connections. */
const RANDOM_RANGE = { from: 20_000, to: 32_000 } as const;
const ATTEMPTS = 200;

/** Whether nobody listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function findFree(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(RANDOM_RANGE.from, RANDOM_RANGE.to);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  const message = `no free port found in ${RANDOM_RANGE.from}-${RANDOM_RANGE.to} after ${ATTEMPTS} attempts`;
  throw new MeridianError('SERVICE_UNAVAILABLE', message);
}

export interface PortChoice {
  readonly ports: Ports;
  /** Sentences about ports that had to change, for the user. */
  readonly notes: readonly string[];
}

export interface PortRequest {
  readonly file: string;
  /** Ports the configuration asks for. */
  readonly requested: Partial<Ports>;
  /** Ports on which our own running services listen: busy, and right. */
  readonly inUseByUs: ReadonlySet<keyof Ports>;
}

/**
 * Keeps the chosen ports where they are free or ours, chooses others where not, and writes the file.
 *
 * @throws MeridianError CONFIG_INVALID when a port that the configuration asks for is in use by somebody else.
 */
export async function choosePorts({ file, requested, inUseByUs }: PortRequest): Promise<PortChoice> {
  const previous = readPorts(file);
  const notes: string[] = [];
  const chosen: Partial<Ports> = {};
  const taken = new Set<number>(Object.values(requested));
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    const wish = requested[name] ?? previous?.[name] ?? PREFERRED[name];
    const kept = inUseByUs.has(name) ? previous?.[name] : undefined;
    if (kept !== undefined) chosen[name] = kept;
    else if (await isFree(wish)) chosen[name] = wish;
    else if (requested[name] !== undefined) throw portRefused(name, wish);
    else {
      chosen[name] = await findFree(taken);
      if (previous) notes.push(`port ${wish} (${name}) is in use by another program; moved to ${chosen[name]}`);
    }
    taken.add(chosen[name]);
  }
  const ports = chosen as Ports;
  writeJsonFile(file, ports);
  return { ports, notes };
}

const portRefused = (name: string, port: number): MeridianError =>
  new MeridianError('CONFIG_INVALID', `ports.${name}: ${port} is in use by another program; choose another or none`, {
    setting: `ports.${name}`,
    port,
  });
