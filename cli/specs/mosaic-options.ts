/** Options of a mosaic: fields of `POST /api/mosaics/create` that say how it is made. */
import type { Schemas } from '../../api/client/client.ts';
import type { FieldOption } from '../options/field-options.ts';
import { integerIn, numberIn, text, utcTime } from '../options/parsers.ts';

export type CreateMosaicBody = Schemas['CreateMosaic'];

export const MOSAIC_OPTIONS: readonly FieldOption<CreateMosaicBody>[] = [
  { flags: '--calibrator <name>', field: 'calibrator', parse: text, help: 'centre it on a transit of this calibrator' },
  { flags: '--near <utc>', also: ['--transit <utc>'], field: 'near_utc', parse: utcTime, help: 'the transit nearest to this time (default: the newest with data)' },
  { flags: '--timespan-minutes <minutes>', field: 'timespan_minutes', parse: numberIn({ min: 5, max: 360 }), help: 'window around the transit (default: 50)' },
  { flags: '--start <utc>', also: ['--start-time <utc>', '--since <utc>'], field: 'start_utc', parse: utcTime, help: 'time window, instead of a calibrator' },
  { flags: '--end <utc>', also: ['--end-time <utc>', '--until <utc>'], field: 'end_utc', parse: utcTime, help: 'end of the time window' },
  { flags: '--name <name>', field: 'name', parse: text, help: 'part of the file names' },
  { flags: '--method <method>', field: 'method', choices: ['mean', 'weighted', 'pbweighted'], help: 'how tiles are combined (default: pbweighted)' },
  { flags: '--mosaic-backend <tool>', field: 'backend', choices: ['auto', 'swarp', 'reproject'], help: 'tool that combines them' },
  { flags: '--min-tiles <n>', field: 'min_tiles', parse: integerIn({ min: 1, max: 500 }), help: 'fewest tiles (default: 3)' },
  { flags: '--min-subbands <n>', field: 'min_subbands', parse: integerIn({ min: 1, max: 16 }), help: 'fewest subbands of a group (default: 16)' },
  { flags: '--ignore-validation', field: 'ignore_validation', help: 'go on with tiles that disagree; the verdict says so' },
  { flags: '--force-calibrator', field: 'force_calibrator', help: 'solve although the codes of the calibrator say no' },
  { flags: '--requested-by <who>', field: 'requested_by', parse: text, help: 'recorded with the request' },
]; // prettier-ignore
