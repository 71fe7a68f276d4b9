import type { ArgBuilder, InputFieldRef } from '@pothos/core';
import { ArgumentError } from '../errors/gateway-error.ts';
import type { FilterOf } from '../lists/filters.ts';
import type { InputOf, RowArgument } from '../runs/argument-types.ts';
import { MAX_EQUALS_LENGTH, MAX_PATH_LENGTH } from '../runs/limits.ts';
import { isRunEnum } from '../runs/run-enums.ts';
import { RUN_FILTERS, type RunFilter } from '../runs/run-filters.ts';
import { preferListed } from '../runs/run-list.ts';
import { builder, type Types } from './builder.ts';
import { ENUM_REFS } from './enums.ts';

const MetadataFilterRef = builder.inputType('MetadataFilter', {
  description: 'A condition on the `metadata` of a run: a path, and one of `equals` and `exists`.',
  fields: (t) => ({
    path: t.string({
      required: true,
      description: `A key, such as \`customer\`, or keys of objects in objects with dots between them, such as \`order.id\`; at most ${MAX_PATH_LENGTH} characters. A dot in a key is written as \`\\.\`, a backslash as \`\\\\\`. Paths don't lead into lists.`,
    }),
    equals: t.field({
      type: 'JSON',
      description: `The value that is there, at most ${MAX_EQUALS_LENGTH} characters of JSON. Objects are equal whatever the order of their keys, and numbers by value: 1 is 1.0. Null is a value that is there, unlike one that is missing.`,
    }),
    exists: t.boolean({
      description: 'Whether there is a value, null included. False is true of runs without metadata as well.',
    }),
  }),
});

/** A table of arguments, by name; see `runs/run-filters.ts`. */
// oxlint-disable-next-line typescript/no-explicit-any -- Each argument has values of its own type.
export type ArgumentTable = Readonly<Record<string, RowArgument<never, any, any>>>;

type Refs<Table> = {
  [Name in keyof Table]: InputFieldRef<Types, InputOf<Table>[Name & keyof InputOf<Table>]>;
};

/** Defines the arguments of a table, in its order. */
export function argumentsOf<Table extends ArgumentTable>(arg: ArgBuilder<Types>, table: Table): Refs<Table> {
  const refs = Object.entries(table).map(([name, { argument, description, deprecationReason, weight }]) => {
    const { type, isList } = argument;
    const item = isRunEnum(type) ? ENUM_REFS[type] : type === 'MetadataFilter' ? MetadataFilterRef : type;
    const options = {
      description,
      ...(deprecationReason !== undefined && { deprecationReason }),
      ...(weight !== undefined && { directives: { cost: { weight } } }),
    };
    return [name, arg({ type: isList ? [item] : item, ...options })] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is one for each in the table.
  return Object.fromEntries(refs) as unknown as Refs<Table>;
}

/** Reads the arguments of a table that are given. @throws ArgumentError */
export function readArguments<Table extends ArgumentTable>(
  table: Table,
  args: InputOf<Table>,
): FilterOf<Table> {
  const values: Record<string, unknown> = {};
  const isGiven = (name: string): boolean => (Reflect.get(args, name) ?? null) !== null;
  for (const name in table) {
    const { argument, contradicts } = table[name] ?? {};
    const value: unknown = isGiven(name) ? argument?.read(Reflect.get(args, name), name) : undefined;
    if (value === undefined) continue;
    if (contradicts !== undefined && isGiven(contradicts)) {
      const why = `${name} and ${contradicts}: expected at most one of the two, but got both`;
      throw new ArgumentError(name, why);
    }
    values[name] = value;
  }
  return values;
}

/** Reads the filters of a list of runs. @throws ArgumentError */
export function readRunFilter(args: InputOf<typeof RUN_FILTERS>): RunFilter {
  return preferListed(readArguments(RUN_FILTERS, args));
}
