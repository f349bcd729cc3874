/** Options of a scheduled calibrator: fields of `POST /api/schedule/add`. */
import type { Schemas } from '../../api/client/client.ts';
import type { FieldOption } from '../options/field-options.ts';
import { decDeg, integerIn, numberIn, text } from '../options/parsers.ts';

export type AddToScheduleBody = Schemas['AddToSchedule'];

export const SCHEDULE_OPTIONS: readonly FieldOption<AddToScheduleBody>[] = [
  { flags: '--dec <declination>', field: 'dec_deg', parse: decDeg, help: 'only at this pointing declination (default: any)' },
  { flags: '--timespan-minutes <minutes>', field: 'timespan_minutes', parse: numberIn({ min: 5, max: 360 }), help: 'window around the transit (default: 50)' },
  { flags: '--deadline-minutes <minutes>', field: 'deadline_minutes', parse: numberIn({ min: 0, max: 1440 }), help: 'how long late data are waited for (default: 60)' },
  { flags: '--method <method>', field: 'method', choices: ['mean', 'weighted', 'pbweighted'], help: 'how tiles are combined (default: pbweighted)' },
  { flags: '--mosaic-backend <tool>', field: 'backend', choices: ['auto', 'swarp', 'reproject'], help: 'tool that combines them' },
  { flags: '--min-tiles <n>', field: 'min_tiles', parse: integerIn({ min: 1, max: 500 }), help: 'fewest tiles (default: 3)' },
  { flags: '--min-subbands <n>', field: 'min_subbands', parse: integerIn({ min: 1, max: 16 }), help: 'fewest subbands of a group (default: 12)' },
  { flags: '--ignore-validation', field: 'ignore_validation', help: 'go on with tiles that disagree; the verdict says so' },
  { flags: '--force-calibrator', field: 'force_calibrator', help: 'solve although the codes of the calibrator say no' },
  { flags: '--requested-by <who>', field: 'requested_by', parse: text, help: 'recorded with the request' },
]; // prettier-ignore
