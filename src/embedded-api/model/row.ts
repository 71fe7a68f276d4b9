import type { FieldTable, Kinds } from './field.ts';

type Value<Fields extends FieldTable, K extends keyof Fields, Side extends 'given' | 'kept'> =
  | Kinds[Fields[K]['kind']][Side]
  | Null<Fields, K>;

type Required<Fields extends FieldTable> = {
  [K in keyof Fields]: Fields[K] extends { required: true } ? K : never;
}[keyof Fields];

type Null<Fields extends FieldTable, K extends keyof Fields> = Fields[K] extends
  | { refusesNull: true }
  | { takesNull: true }
  ? null
  : Fields[K] extends { required: true } | { default: unknown }
    ? never
    : null;

/** One row as the store takes it. */
export type StoredRow<Fields extends FieldTable> = { [K in keyof Fields]: Value<Fields, K, 'given'> };

/** A row to insert. Absent fields have their defaults, otherwise null. */
export type NewRow<Fields extends FieldTable> = Partial<StoredRow<Fields>> &
  Pick<StoredRow<Fields>, Required<Fields>>;

/** A row as SQLite returns it: timestamps normalised, JSON as text, whole numbers as exact bigints. */
export type KeptRow<Fields extends FieldTable> = {
  readonly [K in keyof Fields]: Value<Fields, K, 'kept'>;
};
