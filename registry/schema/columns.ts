/** Kinds of columns, as kysely reads and writes them. */
import type { ColumnType, Generated, RawBuilder } from 'kysely';

/** `timestamptz`: read as ISO 8601 with Z and milliseconds. */
export type Instant = ColumnType<string, string | Date | RawBuilder<unknown>, string | Date | RawBuilder<unknown>>;
export type InstantOrNull = ColumnType<
  string | null,
  string | Date | RawBuilder<unknown> | null | undefined,
  string | Date | RawBuilder<unknown> | null
>;

/** Set by the database when the row is made. */
export type MadeAt = ColumnType<string, never, never>;

/** Follows from another column. */
export type Derived<T> = ColumnType<T, never, never>;

/** `jsonb`; write it with `json()`. */
export type JsonColumn<T> = ColumnType<T, RawBuilder<T> | undefined, RawBuilder<T>>;
export type JsonOrNull<T> = ColumnType<T | null, RawBuilder<T> | null | undefined, RawBuilder<T> | null>;

/** A column that may be left out when a row is made: it has a default. */
export type Defaulted<T> = Generated<T>;

export type JsonObject = Readonly<Record<string, unknown>>;
