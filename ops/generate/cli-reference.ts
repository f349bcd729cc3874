/**
 * Writes the reference part of `docs/cli.md` from the commands themselves.
 *
 * Run: `node ops/generate/cli-reference.ts`. A unit test fails when the page is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command, Option } from 'commander';
import { format, resolveConfig } from 'prettier';
import { createProgram } from '../../cli/program.ts';

export const PAGE = fileURLToPath(new URL('../../docs/cli.md', import.meta.url));
const BEGIN = '<!-- reference: made by ops/generate/cli-reference.ts from the commands -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function optionRow(option: Option): string {
  const choices =
    option.argChoices === undefined ? '' : ` One of ${option.argChoices.map((word) => `\`${word}\``).join(', ')}.`;
  const must = option.mandatory ? ' **Required.**' : '';
  return `| \`${option.flags.replaceAll('|', '\\|')}\` | ${cell(option.description)}.${must}${choices} |`;
}

function section(command: Command, path: string): string {
  const inner = command.commands.map((child) => section(child, `${path} ${child.name()}`));
  if (inner.length > 0) return inner.join('\n');
  const options = command.options.filter(({ hidden, long }) => !hidden && long !== '--help');
  const args = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  const rows = ['| option | meaning |', '|---|---|', ...options.map(optionRow)];
  const description = command.description();
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
  return [`### \`${path}${args.join('')}\``, '', cell(sentence), '', ...rows, ''].join('\n');
}

/** The whole page: what people wrote, and the reference below it. */
export async function renderPage(): Promise<string> {
  const program = await createProgram();
  const written = readFileSync(PAGE, 'utf8').split(BEGIN)[0] ?? '';
  const commands = program.commands.map((command) => section(command, command.name()));
  const text = [written.trimEnd(), '', BEGIN, '', '## Reference', '', ...commands].join('\n');
  return format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, await renderPage());
