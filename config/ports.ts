/** The ports file: chosen by `services/`, read by whoever needs an address. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const portsSchema = z.object({
  gateway: z.number().int(),
  postgres: z.number().int(),
  temporal: z.number().int(),
  temporal_ui: z.number().int(),
});

export type Ports = z.output<typeof portsSchema>;

/** Reads the chosen ports; undefined if none were chosen yet, or the file is damaged (then they are chosen anew). */
export function readPorts(file: string): Ports | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
