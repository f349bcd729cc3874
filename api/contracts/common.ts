/** Pieces that many contracts share: ids, times, pages, problem documents. */
import { z } from 'zod';
import { isoFromMjd, tryMjdFromIso } from '../../domain/time.ts';

export const Uuid = z.uuid().describe('Id of a product or job (UUIDv7).');

/** A UTC time on the way in: any ISO 8601 spelling of UTC; inside it has milliseconds and no zone. */
export const UtcTime = z
  .string()
  .max(40)
  .refine((text) => tryMjdFromIso(text) !== null, 'is no UTC time; write it as 2026-01-25T00:05:19')
  .transform((text) => isoFromMjd(tryMjdFromIso(text) ?? Number.NaN))
  .meta({ description: 'ISO 8601 UTC, with or without Z.', examples: ['2026-01-25T22:26:05'] });

/** A UTC time in an answer. */
export const UtcText = z.string().describe('ISO 8601 UTC with Z.');

/** A moment as answers write it. */
export const utcText = (mjd: number): string => `${isoFromMjd(mjd)}Z`;

/** When something happened to a row: ISO 8601 with Z. */
export const Instant = z.string().describe('ISO 8601 UTC with Z.');

export const Mjd = z.number().describe('Modified Julian Date, UTC.');

/** Name of a calibrator, plan or data root: no slash, no control characters. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._ :-]*$/, 'may hold letters, digits and + . _ : - and blanks');

export const QaState = z.enum(['pass', 'warn', 'fail', 'not_evaluated']);

export const Check = z.object({
  name: z.string(),
  value: z.number().nullable(),
  limit: z.string(),
  verdict: QaState,
  message: z.string(),
});

/** One page: how many, and where it goes on. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50).describe('Rows in this page.'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('Pass it as `cursor` for the next page; null: this is the last one.'),
  });

/** RFC 9457 problem details. */
export const Problem = z
  .object({
    type: z.string().describe('Names the kind of problem: `urn:meridian:problem:<code>`.'),
    title: z.string().describe('The code in words.'),
    status: z.number().int(),
    code: z.string().describe('Stable code of the closed list in docs/api.md.'),
    detail: z.string().describe('What is wrong, naming the field or file.'),
    advice: z.string().describe('What to do.'),
    instance: z.string().describe('The path that was asked for.'),
    context: z.record(z.string(), z.unknown()).describe('Facts for programs.'),
    retry_after_seconds: z.number().optional().describe('Ask again after this time; only where that may help.'),
  })
  .meta({ title: 'Problem' });
export type Problem = z.output<typeof Problem>;
