/** `status`: what runs, where, and whether it is well. */
import { Command } from 'commander';
import { servicesStatus } from '../../services/status.ts';
import type { ServicesStatus } from '../../services/status.ts';
import { runs } from '../command.ts';
import type { CommandResult } from '../command.ts';
import { facts, table } from '../output/table.ts';

/** The status as people read it. */
export function statusText(status: ServicesStatus): string {
  const services = table(status.processes, [
    { title: 'service', value: (row) => row.name },
    { title: 'health', value: (row) => row.health },
    { title: 'pid', value: (row) => row.pid },
    { title: 'address', value: (row) => row.address },
    { title: 'since (UTC)', value: (row) => row.since?.slice(0, 19) },
    { title: 'restarts', value: (row) => row.restarts },
    { title: 'version', value: (row) => row.version ?? row.bundle_hash },
  ]);
  const troubles = status.processes
    .filter(({ detail, health }) => detail !== null && (health !== 'stopped' || status.running))
    .map(({ name, detail, log }) => `${name}: ${detail} (log: ${log})`);
  const places = facts([
    ['home', status.home],
    ['API docs', status.running ? status.api_docs_url : null],
    ['Temporal UI', status.running ? status.temporal_ui_url : null],
  ]);
  return [services, ...troubles, '', places].join('\n');
}

async function status(): Promise<CommandResult> {
  const seen = await servicesStatus();
  return { document: seen, text: statusText(seen), exitStatus: seen.healthy ? 0 : 1 };
}

export function statusCommand(): Command {
  return runs(
    new Command('status').description('what runs, where, and whether it is well (exit status 1 if not)'),
    status,
  );
}
