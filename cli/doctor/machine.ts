/** The machine: room, memory, ports. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { MeridianConfig, Ports } from '../../config/index.ts';
import { isFree } from '../../services/ports.ts';
import { servicesStatus } from '../../services/status.ts';
import { ok, type Finding } from './probe.ts';

const GIB = 1024 ** 3;
/** A full group needs this much at its peak. */
const STAGE_MEMORY_GIB = 2.5;
/** Below this share of the wanted free space it is time to look. */
const COMFORT = 4;

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

function existingFolder(path: string): string {
  return existsSync(path) ? path : existingFolder(dirname(path));
}

function disk({ paths, diskFreeMinGb }: MeridianConfig): Finding {
  const folder = existingFolder(paths.home);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const finding = ok('disk', `${gib(free)} free`, paths.home);
  const mend = `free space on the disk of ${paths.home}, or move MERIDIAN_HOME`;
  const wanted = diskFreeMinGb * GIB;
  if (free < wanted) return { ...finding, status: 'error', detail: `no stage starts below ${gib(wanted)}`, mend };
  if (free < wanted * COMFORT)
    return { ...finding, status: 'warning', detail: `work stops below ${gib(wanted)}`, mend };
  return finding;
}

function writable({ paths }: MeridianConfig): Finding {
  const folder = existingFolder(paths.home);
  try {
    accessSync(folder, constants.W_OK);
    return ok('home', null, paths.home);
  } catch {
    const mend = `make ${folder} writable for this user, or set MERIDIAN_HOME`;
    return { ...ok('home', null, paths.home), status: 'error', detail: 'not writable', mend };
  }
}

function memory({ compute }: MeridianConfig): Finding {
  const finding = ok('memory', `${gib(totalmem())}, ${gib(freemem())} free; ${compute.memoryGb} GiB for stages`);
  if (compute.memoryGb < STAGE_MEMORY_GIB) {
    const detail = `a full group needs ${STAGE_MEMORY_GIB} GiB; smaller arrays and images work`;
    return {
      ...finding,
      status: 'warning',
      detail,
      mend: 'use a machine with more memory, or raise compute.memory_gb',
    };
  }
  if (compute.memoryGb * GIB > totalmem()) {
    const detail = 'compute.memory_gb is more than the machine has';
    return { ...finding, status: 'error', detail, mend: 'lower compute.memory_gb' };
  }
  return finding;
}

/** Ports must be free or ours; services that run are asked how they are. */
async function ports({ ports: chosen }: MeridianConfig): Promise<Finding> {
  if (!chosen) return ok('ports', 'chosen at the first up');
  const status = await servicesStatus();
  const ours = new Set(status.processes.filter(({ pid }) => pid !== null).map(({ name }) => name as string));
  const busy: string[] = [];
  for (const name of Object.keys(chosen) as (keyof Ports)[]) {
    const owner = name === 'temporal_ui' ? 'temporal' : name;
    if (!ours.has(owner) && !(await isFree(chosen[name]))) busy.push(`${chosen[name]} (${name})`);
  }
  const version = Object.entries(chosen)
    .map(([name, port]) => `${name} ${port}`)
    .join(', ');
  if (busy.length === 0) return ok('ports', version);
  const detail = `in use by another program: ${busy.join(', ')}`;
  return { ...ok('ports', version), status: 'warning', detail, mend: 'nothing to do: the next up chooses others' };
}

async function services(): Promise<Finding> {
  const { running, healthy, processes } = await servicesStatus();
  if (!running) return ok('services', 'not running');
  if (healthy) return ok('services', 'all healthy');
  const ill = processes.filter(({ health }) => health !== 'healthy').map(({ name, health }) => `${name} ${health}`);
  const mend = 'see ./meridian status; ./meridian up starts what is missing';
  return { ...ok('services', null), status: 'warning', detail: ill.join(', '), mend };
}

/** Room, memory, ports and services. */
export async function machineFindings(config: MeridianConfig): Promise<Finding[]> {
  const asked = await Promise.all([ports(config), services()]);
  return [writable(config), disk(config), memory(config), ...asked];
}
