import { ArgumentError } from '../errors/gateway-error.ts';
import type { FilterKind } from '../lists/filters.ts';
import { quote } from '../lists/list-errors.ts';
import { filterIds, type IDS } from './ids.ts';
import { readBoundInstant } from './instants.ts';
import { enumValues, type Recognized, type RunEnum, type RunEnumValue, UNRECOGNIZED } from './run-enums.ts';

/** The type of an argument, and how its value is read. */
export interface ArgumentType<Input, Value> {
  /** The type in GraphQL of the value or, if it is a list, of each of them; an enum by its name in `RUN_ENUMS`. */
  readonly type: 'Boolean' | 'DateTime' | 'ID' | 'MetadataFilter' | 'Nanoseconds' | 'String' | RunEnum;
  readonly isList?: true;
  /** Validates a value; undefined stands for none. @throws ArgumentError */
  readonly read: (input: Input, argument: string) => Value;
}

/** A row of a table of arguments that select rows of a list. */
export interface RowArgument<Row, Input, Value> {
  readonly argument: ArgumentType<Input, Value | undefined>;
  readonly description: string;
  readonly deprecationReason?: string;
  /** The price of the argument: of rows that are read and don't match. */
  readonly weight?: number;
  /** The name of an argument that this argument can't be combined with. */
  readonly contradicts?: string;
  readonly matches: (row: Row, value: Value) => boolean;
}

/** An argument that is a parameter of the API. */
export interface RowFilter<Row, Input, Value> extends FilterKind<Row, Value>, RowArgument<Row, Input, Value> {
  /** Whether a row matches the filter for good, or never will. */
  readonly isFixed?: true;
}

// oxlint-disable-next-line typescript/no-explicit-any -- Each filter has values of its own type.
export type RowFilters<Row> = Readonly<Record<string, RowFilter<Row, any, any>>>;

/** The values of a table's arguments as resolvers receive them. */
export type InputOf<Table> = {
  readonly [Name in keyof Table]?: Table[Name] extends {
    readonly argument: ArgumentType<infer Input, unknown>;
  }
    ? Input | null | undefined
    : never;
};

export const BOOLEAN: ArgumentType<boolean, boolean> = { type: 'Boolean', read: (input) => input };

/** A flag; false counts as absent. */
export const FLAG: ArgumentType<boolean, true | undefined> = {
  type: 'Boolean',
  read: (input) => (input ? input : undefined),
};

/** Defines a type of texts. @param parse returns null for a text that isn't what is expected */
function textual(
  type: 'DateTime' | 'ID' | 'String',
  expected: string,
  parse: (input: string) => string | null,
): ArgumentType<string, string> {
  return {
    type,
    read: (input, argument) =>
      parse(input) ?? refuse(argument, `expected ${expected}, but got ${quote(input)}`),
  };
}

/** An instant, in the format of `instantOf`; a date is the start of its day in UTC. */
export const INSTANT = textual(
  'DateTime',
  'a date and time with a zone, such as 2026-01-31T09:30:00Z, or a date, such as 2026-01-31',
  readBoundInstant,
);

/** A text that the upstream can store. @param max characters */
export function text(max: number): ArgumentType<string, string> {
  return textual('String', `a text of 1 to ${max} characters without NUL`, (input) =>
    input !== '' && input.length <= max && input.isWellFormed() && !input.includes('\0') ? input : null,
  );
}

/** The id of something. */
export function idOf(kind: keyof typeof IDS): ArgumentType<string, string> {
  const { pattern, example } = filterIds(kind);
  const expected = `the id of ${kind === 'agent' ? 'an' : 'a'} ${kind}, such as ${example}`;
  return textual('ID', expected, (input) => (pattern.test(input) ? input : null));
}

/** A value of an enum that the upstream knows. */
export function oneOf<Name extends RunEnum>(name: Name): ArgumentType<Recognized<Name>, RunEnumValue<Name>> {
  const allowed = enumValues(name).map((value) => value.toUpperCase());
  return {
    type: name,
    read: (input, argument) =>
      input === UNRECOGNIZED
        ? refuse(argument, `UNRECOGNIZED can't be used as a filter; expected one of ${allowed.join(', ')}`)
        : input,
  };
}

/** A list without its duplicates. @param max how many different values it may have */
export function listOf<Input, Value>(
  { type, read }: ArgumentType<Input, Value>,
  max?: number,
): ArgumentType<readonly Input[], readonly Value[]> {
  return {
    type,
    isList: true,
    read: (input, argument) => distinct(argument, input, max).map((each) => read(each, argument)),
  };
}

/** Removes duplicates from a list. @throws ArgumentError unless 1 to `max` values remain */
export function distinct<Value>(
  argument: string,
  values: readonly Value[],
  max = Infinity,
): readonly Value[] {
  if (values.length === 0) {
    refuse(argument, 'expected at least one value, but got an empty list; omit the argument for no filter');
  }
  const unique = [...new Set(values)];
  if (unique.length > max) {
    refuse(argument, `expected at most ${max} different values, but got ${unique.length}`);
  }
  return unique;
}

/** @param part of the argument, such as `metadata.path` @throws ArgumentError */
export function refuse(part: string, why: string): never {
  throw new ArgumentError(part.replace(/\..*/s, ''), `${part}: ${why}`);
}
