/** Options of a stream: fields of `POST /api/streaming/start`. */
import type { Schemas } from '../../api/client/client.ts';
import type { FieldOption } from '../options/field-options.ts';
import { integerIn, numberIn, text } from '../options/parsers.ts';

export type StartStreamBody = Schemas['StartStream'];

export const STREAM_OPTIONS: readonly FieldOption<StartStreamBody>[] = [
  { flags: '--name <name>', field: 'name', parse: text, help: 'name of the stream (default: live)' },
  { flags: '--once', field: 'once', help: 'take what is there, then stop' },
  { flags: '--max-in-flight <n>', field: 'max_in_flight', parse: integerIn({ min: 1, max: 100 }), help: 'groups at the same time (default: 2)' },
  { flags: '--min-subbands <n>', field: 'min_subbands', parse: integerIn({ min: 1, max: 16 }), help: 'fewest subbands of a group (default: 12)' },
  { flags: '--image-uncalibrated', field: 'image_uncalibrated', help: 'image without calibration when no caltables serve a group' },
  { flags: '--table-wait <seconds>', field: 'table_wait_seconds', parse: numberIn({ min: 0, max: 86_400 }), help: 'how long a group waits for caltables under way (default: 3600)' },
  { flags: '--looks-per-run <n>', field: 'looks_per_run', parse: integerIn({ min: 1, max: 1000 }), help: 'looks before the workflow continues as a new run (default: 200)' },
  { flags: '--no-photometry', field: 'photometry', set: false, help: 'measure nothing' },
  { flags: '--requested-by <who>', field: 'requested_by', parse: text, help: 'recorded with the request' },
]; // prettier-ignore
