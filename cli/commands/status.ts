/** `status`: what runs, where, and whether it is well. */
import { Command } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { servicesStatus } from '../../services/status.ts';
import type { ServicesStatus } from '../../services/status.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { runningGateway } from '../gateway/connect.ts';
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

/** Most groups that are listed; `stream groups` has all of them. */
const MOST_FAILED = 20;

/** Groups whose work failed: they are not tried again by themselves. Null when the gateway does not say. */
async function failedGroups(context: CommandContext): Promise<readonly Schemas['StreamGroup'][] | null> {
  try {
    const { client } = runningGateway({}, context);
    const query = { status: 'failed', limit: MOST_FAILED } as const;
    return (await answerOf(client.GET('/api/streaming/groups', { params: { query } }))).items;
  } catch {
    // What is wrong with the gateway stands in its line.
    return null;
  }
}

const attentionText = (groups: readonly Schemas['StreamGroup'][]): string =>
  [
    '',
    `${groups.length} groups failed and need you:`,
    ...groups.map(({ group_id: id, error }) => `  ${id}  ${error?.code ?? ''}: ${error?.message ?? ''}`),
    'try one again: meridian stream retry GROUP --reason TEXT; left as it is, its sources have the reason in the ledger',
  ].join('\n');

async function status(_options: object, context: CommandContext): Promise<CommandResult> {
  const seen = await servicesStatus();
  const failed = await failedGroups(context);
  return {
    document: { ...seen, failed_groups: failed },
    text: failed === null || failed.length === 0 ? statusText(seen) : `${statusText(seen)}\n${attentionText(failed)}`,
    exitStatus: seen.healthy ? 0 : 1,
  };
}

export function statusCommand(): Command {
  return runs(
    new Command('status').description('what runs, where, and whether it is well (exit status 1 if not)'),
    status,
  );
}
