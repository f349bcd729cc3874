/** What is in files, by the `inspect` stage. */
import type { InspectedFile } from '../../domain/generated/stages.ts';
import type { CommandContext } from '../command.ts';
import { runStage } from './run-stage.ts';

/** One entry per path, in the order asked; a file that cannot be read has its error in the entry. */
export async function inspectPaths(
  paths: readonly string[],
  context: CommandContext,
  readData = false,
): Promise<readonly InspectedFile[]> {
  return runStage({ stage: 'inspect', spec: { paths, read_data: readData } }, context, (run) =>
    Promise.resolve(run.result.summary.files),
  );
}
