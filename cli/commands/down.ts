/** `down`: stops everything in order, also what a dead supervisor left running. */
import { Command } from 'commander';
import { downAll } from '../../services/control.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';

async function down(_options: object, { note }: CommandContext): Promise<CommandResult> {
  const outcome = await downAll(note);
  return {
    document: { status: outcome },
    text: outcome === 'stopped' ? 'Everything has stopped.' : 'Nothing was running.',
  };
}

export function downCommand(): Command {
  return runs(new Command('down').description('stop everything, running work first (at most 30 s)'), down);
}
