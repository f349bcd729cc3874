/** Other spellings of field names: camelCase, and names that scripts of the old system use. */
import { MeridianError } from '../../domain/errors.ts';

const snakeCase = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_all, before: string, upper: string) => `${before}_${upper.toLowerCase()}`);

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Gives every field its one name, in nested objects too.
 *
 * @param aliases old name to name; applied to the top level only.
 * @throws MeridianError REQUEST_INVALID when one field is given under two names.
 */
export function withOwnNames(value: unknown, aliases: Readonly<Record<string, string>> = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => withOwnNames(item));
  if (!isPlainObject(value)) return value;
  const named: Record<string, unknown> = {};
  for (const [given, inner] of Object.entries(value)) {
    const snake = snakeCase(given);
    const name = Object.hasOwn(aliases, snake) ? (aliases[snake] ?? snake) : snake;
    if (Object.hasOwn(named, name)) {
      throw new MeridianError('REQUEST_INVALID', `${name} is given twice, once as ${given}; give it once`, {
        field: name,
      });
    }
    Object.defineProperty(named, name, {
      value: withOwnNames(inner),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return named;
}
