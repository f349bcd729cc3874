/**
 * Writes `compute/meridian_compute/error_codes.py` from `domain/errors.ts`.
 *
 * Run: `node ops/generate/error-codes.ts` (Node 24 reads TypeScript). A unit test fails when the file is not current.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, ERROR_RULES, EXIT_STATUS, exitStatusOf } from '../../domain/errors.ts';

export const ERROR_CODES_FILE = fileURLToPath(
  new URL('../../compute/meridian_compute/error_codes.py', import.meta.url),
);

/** Text of the Python module. */
export function renderErrorCodes(): string {
  const members = ERROR_CODES.map((code) => `    ${code} = "${code}"`);
  const statuses = ERROR_CODES.map((code) => `    ErrorCode.${code}: ${exitStatusOf(code)},`);
  const retryable = ERROR_CODES.filter((code) => ERROR_RULES[code].retryable).map(
    (code) => `        ErrorCode.${code},`,
  );
  const advice = ERROR_CODES.map((code) => `    ErrorCode.${code}: ${JSON.stringify(ERROR_RULES[code].advice)},`);
  return `"""Closed list of error codes. Generated from domain/errors.ts by ops/generate/error-codes.ts: do not edit."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

EXIT_BAD_INPUT: Final = ${EXIT_STATUS.bad_input}
EXIT_TOOL_FAILED: Final = ${EXIT_STATUS.tool_failed}
EXIT_RESOURCES: Final = ${EXIT_STATUS.resources}
EXIT_INTERNAL: Final = ${EXIT_STATUS.internal}


class ErrorCode(StrEnum):
    """What went wrong, for programs; the message is for the operator."""

${members.join('\n')}


EXIT_STATUS: Final[Mapping[ErrorCode, int]] = {
${statuses.join('\n')}
}

RETRYABLE: Final[frozenset[ErrorCode]] = frozenset(
    {
${retryable.join('\n')}
    }
)

ADVICE: Final[Mapping[ErrorCode, str]] = {
${advice.join('\n')}
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(ERROR_CODES_FILE, renderErrorCodes());
}
