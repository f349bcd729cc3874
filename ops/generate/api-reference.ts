/**
 * Writes the reference part of `docs/api.md` from the contracts and the list of error codes.
 *
 * Run: `node ops/generate/api-reference.ts`. A unit test fails when the page is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { OPERATIONS } from '../../api/contracts/index.ts';
import type { Operation } from '../../api/contracts/operation.ts';
import { ERROR_CODES, ERROR_RULES } from '../../domain/errors.ts';

export const PAGE = fileURLToPath(new URL('../../docs/api.md', import.meta.url));
const BEGIN = '<!-- reference: made by ops/generate/api-reference.ts from the contracts -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const endpointRow = (op: Operation): string =>
  `| \`${op.method.toUpperCase()} ${op.path}\` | ${cell(op.summary)} | ${Object.keys(op.answers).join(', ')} |`;

const codeRow = (code: (typeof ERROR_CODES)[number]): string => {
  const { httpStatus, retryable, advice } = ERROR_RULES[code];
  return `| \`${code}\` | ${httpStatus} | ${retryable ? 'yes' : 'no'} | ${cell(advice)} |`;
};

/** The whole page: what people wrote, and the reference below it. */
export async function renderPage(): Promise<string> {
  const written = readFileSync(PAGE, 'utf8').split(BEGIN)[0] ?? '';
  const text = [
    written.trimEnd(),
    '',
    BEGIN,
    '',
    '## Endpoints',
    '',
    '| endpoint | what it does | answers |',
    '|---|---|---|',
    ...OPERATIONS.map(endpointRow),
    '',
    '## Error codes',
    '',
    '| code | status | worth another try | what to do |',
    '|---|---|---|---|',
    ...ERROR_CODES.map(codeRow),
    '',
  ].join('\n');
  return format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, await renderPage());
