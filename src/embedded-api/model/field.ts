/** The type of a value of each kind as passed to the store (`given`), and as SQLite returns it (`kept`). */
export interface Kinds {
  text: { given: string; kept: string };
  /** A whole number; exact beyond 2^53 when read, and when given as a bigint. */
  integer: { given: number | bigint; kept: bigint };
  boolean: { given: boolean; kept: bigint };
  /** Any RFC 3339 timestamp, in UTC if it has no zone, truncated to microseconds. Ends in `Z` on the wire. */
  zonedTime: { given: string; kept: string };
  /** The same, but without a zone on the wire, because Letta's columns have none. */
  zonelessTime: { given: string; kept: string };
  /** An object; anything else is stored and makes Letta reject the row. Given as a value or as `JsonText`. */
  object: { given: unknown; kept: string };
  /** The same; missing keys get Letta's defaults when it is sent. */
  requestConfig: { given: unknown; kept: string };
  /** A list of strings; the same. */
  texts: { given: unknown; kept: string };
  /** Any JSON, which the reader of the row interprets. Given as a value or as `JsonText`. */
  json: { given: unknown; kept: string };
}

/** One column of a table and one key of its rows on the wire. */
export interface FieldDefinition {
  readonly kind: keyof Kinds;
  /** Required by every insert. A field that is neither required nor has a default is nullable. */
  readonly required?: true;
  /** The value of a field that is absent from an insert. @default null */
  readonly default?: string | number | readonly string[];
  /** Set if null is stored all the same, as older versions did. */
  readonly takesNull?: true;
  /** Set if null is stored all the same, and makes Letta reject the row. */
  readonly refusesNull?: true;
  /** A regular expression; Letta rejects a row whose text doesn't match. */
  readonly pattern?: string;
  /** The allowed values; Letta rejects a row with any other. */
  readonly values?: readonly string[];
  /** Set if Letta declares the values as a `Literal`, not an `Enum`, which only changes the error. */
  readonly isLiteral?: true;
  /** The name of the column in Letta's error messages, where it differs. */
  readonly ormName?: string;
  /** Set if the field appears only in the metrics of a run, not in the run itself. */
  readonly metricsOnly?: true;
  /** Set if the field isn't sent at all. */
  readonly unsent?: true;
  /** Another field that lists show instead, unless it is null. */
  readonly inLists?: string;
}

/** The fields of one table by name, in wire order. */
export type FieldTable = Readonly<Record<string, FieldDefinition>>;

export type NameIn<Fields extends FieldTable> = keyof Fields & string;

export function namesOf<Fields extends FieldTable>(fields: Fields): readonly NameIn<Fields>[] {
  return Object.keys(fields).filter((name): name is NameIn<Fields> => name in fields);
}

export function isNullable({
  required,
  default: fallback,
  takesNull,
  refusesNull,
}: FieldDefinition): boolean {
  return takesNull ?? refusesNull ?? (required === undefined && fallback === undefined);
}
