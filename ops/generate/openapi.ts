/**
 * Writes `api/openapi.json` from the contracts and the types of the client from that.
 *
 * Run: `node ops/generate/openapi.ts`. A unit test fails when a file is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import type { OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../../api/contracts/openapi.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export const DOCUMENT_FILE = path('../../api/openapi.json');
export const CLIENT_TYPES_FILE = path('../../api/client/schema.ts');

const BANNER = `/**
 * Types of the gateway's API.
 *
 * Generated from api/openapi.json by ops/generate/openapi.ts: do not edit.
 */
`;

async function pretty(text: string, file: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

/** The version of the product: of the document too. */
function version(): string {
  return (JSON.parse(readFileSync(path('../../package.json'), 'utf8')) as { version: string }).version;
}

export const renderDocument = (): Promise<string> =>
  pretty(JSON.stringify(openApiDocument(version()), null, 2), DOCUMENT_FILE);

/** Text of the module with the client's types. */
export async function renderClientTypes(): Promise<string> {
  const document = openApiDocument(version()) as unknown as OpenAPI3;
  const ast = await openapiTS(document, { alphabetize: false, defaultNonNullable: false });
  return pretty(BANNER + astToString(ast), CLIENT_TYPES_FILE);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT_FILE, await renderDocument());
  writeFileSync(CLIENT_TYPES_FILE, await renderClientTypes());
}
