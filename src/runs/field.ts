import type { RunEnum } from './run-enums.ts';

/**
 * The kinds of fields of a run on the wire; only `id` and `created` are required. `created` has a zone, `instant` may lack
 * it and is then in UTC; `int` fits into 32 bits, `whole number` is rounded beyond 2^53-1.
 */
export const FIELD_KINDS = [
  'id',
  'created',
  'instant',
  'text',
  'enum value',
  'enum list',
  'boolean',
  'int',
  'whole number',
  'object',
  'config',
] as const;

export type FieldKind = (typeof FIELD_KINDS)[number];

type EnumKind = 'enum value' | 'enum list';

/** A row of a table of fields, from which schema, types, decoders and drift detection are derived. */
export type Field<Kind extends string> = {
  /** The key in the JSON of the runs API. */
  readonly wire: string;
  /** The description in the schema, which adds the key if it differs from the field's name. */
  readonly description: string;
  /** The type in GraphQL, if it isn't that of all fields of the kind. */
  readonly type?: 'ID';
  /** The name in descriptions of an enum value whose text is a field as well: `rawStatus` beside `status`. */
  readonly raw?: string;
  /** The value that the runs API sends where none was stored. @default null */
  readonly fallback?: string | number | boolean | readonly [];
  /** Whether a missing value isn't shown as null: an enum value is UNRECOGNIZED, a boolean false, a number 0. */
  readonly isRequired?: true;
} & (
  | { readonly kind: Kind & EnumKind; readonly enum: RunEnum }
  | { readonly kind: Exclude<Kind, EnumKind>; readonly enum?: never }
);

export type RunField = Field<FieldKind>;
/** Steps, metrics, agents and messages have other kinds besides: see {@link FieldValues}. */
export type DetailField = Field<FieldKind | keyof FieldValues>;

/**
 * The type of a decoded field of each kind. Enum values keep their text from the wire, so that new
 * values are preserved. Instants are RFC 3339 texts with a zone.
 */
export interface FieldValues {
  readonly id: string;
  readonly created: string;
  readonly instant: string | null;
  readonly text: string | null;
  readonly 'enum value': string | null;
  readonly 'enum list': readonly string[] | null;
  readonly boolean: boolean | null;
  readonly int: number | null;
  readonly 'whole number': number | null;
  readonly object: Readonly<Record<string, unknown>> | null;
  /** A count, shown as a whole number that may be beyond 32 bits; rounded beyond 2^53-1. */
  readonly long: number | null;
  /** An instant, sent as nanoseconds since 1970. */
  readonly epoch: string | null;
  readonly 'text list': readonly string[] | null;
}

/** The decoded fields of a table. */
export type ValuesOf<
  Fields extends Readonly<Record<string, { readonly kind: string }>>,
  Values = FieldValues,
> = { readonly [Name in keyof Fields]: Values[Fields[Name]['kind'] & keyof Values] };

/** The name of the field with the text of an enum value. */
export function rawNameOf(name: string): string {
  return `raw${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
