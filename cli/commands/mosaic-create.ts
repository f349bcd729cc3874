/** `mosaic create`: ask for a mosaic and, unless told otherwise, wait for it. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { answerOf } from '../../api/client/client.ts';
import type { Schemas } from '../../api/client/client.ts';
import { runs } from '../command.ts';
import type { CommandContext, CommandResult } from '../command.ts';
import { startedGateway, withServer } from '../gateway/connect.ts';
import type { Gateway, ServerOption } from '../gateway/connect.ts';
import { followJob, requireDone } from '../gateway/follow-job.ts';
import { addFieldOptions, fieldsFrom } from '../options/field-options.ts';
import { CONVERT_OPTIONS } from '../specs/convert-options.ts';
import { TILE_IMAGE_OPTIONS } from '../specs/image-options.ts';
import { MOSAIC_OPTIONS } from '../specs/mosaic-options.ts';
import type { CreateMosaicBody } from '../specs/mosaic-options.ts';
import { mosaicText } from '../output/mosaic-text.ts';

export type Mosaic = Schemas['Mosaic'];

interface Options extends ServerOption {
  readonly incoming?: string;
  readonly wait: boolean;
}

function bodyOf(options: Options): CreateMosaicBody {
  const values = options as unknown as Record<string, unknown>;
  const convert = fieldsFrom(CONVERT_OPTIONS, values) as NonNullable<CreateMosaicBody['convert']>;
  const image = fieldsFrom(TILE_IMAGE_OPTIONS, values) as NonNullable<CreateMosaicBody['image']>;
  return {
    ...fieldsFrom(MOSAIC_OPTIONS, values),
    ...(options.incoming === undefined ? {} : { incoming: resolve(options.incoming) }),
    ...(Object.keys(convert).length === 0 ? {} : { convert }),
    ...(Object.keys(image).length === 0 ? {} : { image }),
  };
}

/** Asks for a mosaic and waits until it is published. */
export async function createAndWait(
  gateway: Gateway,
  body: CreateMosaicBody,
  context: CommandContext,
): Promise<Mosaic> {
  const created = await answerOf(gateway.client.POST('/api/mosaics/create', { body }));
  context.note(`mosaic ${created.id}: ${created.message} (workflow ${created.workflow_id})`);
  requireDone(await followJob(gateway, created.job_id, context));
  return getMosaic(gateway, created.id);
}

export const getMosaic = (gateway: Gateway, id: string): Promise<Mosaic> =>
  answerOf(gateway.client.GET('/api/mosaics/{id}', { params: { path: { id } } }));

async function create(options: Options, context: CommandContext): Promise<CommandResult> {
  const body = bodyOf(options);
  const gateway = await startedGateway(options, context);
  if (!options.wait) {
    const created = await answerOf(gateway.client.POST('/api/mosaics/create', { body }));
    const follow = `meridian mosaic show ${created.id}`;
    return { document: created, text: `mosaic ${created.id}: ${created.message}\n${follow} shows how far it is` };
  }
  const mosaic = await createAndWait(gateway, body, context);
  return { document: mosaic, text: mosaicText(mosaic) };
}

export function mosaicCreateCommand(): Command {
  const command = new Command('create')
    .description('a mosaic around a calibrator transit, or of a time window: from raw files to the published product')
    .option('--incoming <folder>', 'folder with raw files; registered as a data root')
    .option('--wait', 'wait until it is published (default)', true)
    .option('--no-wait', 'ask for it and return');
  addFieldOptions(command, MOSAIC_OPTIONS);
  addFieldOptions(command, CONVERT_OPTIONS);
  addFieldOptions(command, TILE_IMAGE_OPTIONS);
  return runs<Options>(withServer(command), create);
}
