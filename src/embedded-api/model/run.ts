import type { FieldName, Kinds, RUN_FIELDS } from './fields.ts';

type Fields = typeof RUN_FIELDS;
type Value<K extends FieldName, Side extends 'given' | 'kept'> = Kinds[Fields[K]['kind']][Side];

type Required = { [K in FieldName]: Fields[K] extends { required: true } ? K : never }[FieldName];
type WithDefault = { [K in FieldName]: Fields[K] extends { default: string } ? K : never }[FieldName];
type Null<K extends FieldName> = K extends Required | WithDefault ? never : null;

/** One run as the store takes it. */
export type StoredRun = { [K in FieldName]: Value<K, 'given'> | Null<K> };

/** A run to insert. Absent fields have defaults: status `created`, the default organization, otherwise null. */
export type NewRun = Partial<StoredRun> & Pick<StoredRun, Required>;

/** A run as SQLite returns it: timestamps normalised, JSON as text, whole numbers as exact bigints. */
export type RunRow = { readonly [K in FieldName]: Value<K, 'kept'> | Null<K> };
