/**
 * Options that are fields of a stage spec: flag, field and parser are said once, and serve every command that has
 * the field.
 */
import { Option } from 'commander';
import type { Command } from 'commander';

export interface FieldOption<Spec> {
  readonly flags: string;
  /** Other spellings that are accepted and not shown. */
  readonly also?: readonly string[];
  readonly field: keyof Spec & string;
  readonly help: string;
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** What the spec gets when a flag without value is given; default true. */
  readonly set?: unknown;
}

type Values = Readonly<Record<string, unknown>>;

function buildOption<Spec>(option: FieldOption<Spec>, flags: string): Option {
  const built = new Option(flags, option.help);
  if (option.choices !== undefined) built.choices([...option.choices]);
  else if (option.parse !== undefined) built.argParser(option.parse);
  return built;
}

/** Adds the options to a command. */
export function addFieldOptions<Spec>(command: Command, options: readonly FieldOption<Spec>[]): Command {
  for (const option of options) {
    command.addOption(buildOption(option, option.flags));
    for (const flags of option.also ?? []) command.addOption(buildOption(option, flags).hideHelp());
  }
  return command;
}

/** The fields of the spec that were given; what was not given is not there, so that the stage's default holds. */
export function fieldsFrom<Spec>(options: readonly FieldOption<Spec>[], values: Values): Partial<Spec> {
  const fields: Record<string, unknown> = {};
  for (const option of options) {
    for (const flags of [option.flags, ...(option.also ?? [])]) {
      const flag = new Option(flags);
      const value = values[flag.attributeName()];
      // Commander gives a `--no-…` flag the value true when it is absent.
      if (value === undefined || (flag.negate && value === true)) continue;
      fields[option.field] = option.set === undefined || typeof value !== 'boolean' ? value : option.set;
    }
  }
  return fields as Partial<Spec>;
}
