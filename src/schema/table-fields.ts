import type { FieldRef, InterfaceFieldBuilder, ObjectFieldBuilder, OutputType } from '@pothos/core';
import type { Context } from '../loaders/context.ts';
import { rawNameOf } from '../runs/field.ts';
import type { MessageField } from '../runs/messages.ts';
import { UNRECOGNIZED } from '../runs/run-enums.ts';
import { ONE_ITEM, type Types } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';

type Builder<Parent> = ObjectFieldBuilder<Types, Parent> | InterfaceFieldBuilder<Types, Parent>;
type FieldType = OutputType<Types> | [OutputType<Types>];
type Kind = MessageField['kind'];

/** A table of fields; see `runs/field.ts`. */
type Table = Readonly<Record<string, MessageField>>;

/** The names of the fields of a table, and of those that show the text of enum values with `raw`. */
type FieldNames<Fields extends Table, Name extends keyof Fields = keyof Fields> = Name extends string
  ? Name | (Fields[Name] extends { readonly raw: string } ? `raw${Capitalize<Name>}` : never)
  : never;

/** Types by the kinds of fields; in brackets for lists. */
export type KindTypes = { readonly [Each in Kind]?: FieldType };

interface FieldsOptions<Parent, Name> {
  /** The types of the kinds that are objects, or lists of objects, which are never null. */
  readonly types?: KindTypes;
  readonly all?: { readonly directives?: object; readonly extensions?: object };
  /** Reads the value of a field where it isn't a property of the parent. */
  readonly read?: (parent: Parent, name: Name, context: Context) => unknown;
}

/** Returns a value as the schema shows it. */
type Show = (value: unknown) => unknown;

const TYPES: KindTypes = {
  id: 'ID',
  created: 'DateTime',
  instant: 'DateTime',
  epoch: 'DateTime',
  text: 'String',
  'text list': ['String'],
  boolean: 'Boolean',
  int: 'Int',
  long: 'BigInt',
  'whole number': 'Nanoseconds',
  object: 'JSON',
};

/**
 * Makes the fields of a type from their table, in its order. What the upstream may leave out is
 * nullable; only ids, times of creation and lists of objects are always there.
 */
export function fieldsOf<const Fields extends Table, Parent extends object>(
  t: Builder<Parent>,
  table: Fields,
  options: FieldsOptions<NoInfer<Parent>, keyof NoInfer<Fields>> = {},
): Record<FieldNames<Fields>, FieldRef<Types>> {
  const { types = {}, all, read = (parent, name) => Reflect.get(parent, name) } = options;
  const define = (name: keyof Fields, field: object, show: Show = (value) => value): FieldRef<Types> => {
    const resolve = (parent: Parent, _args: object, context: Context): unknown => {
      const value = read(parent, name, context);
      return value instanceof Promise ? value.then(show) : show(value);
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos can't derive types from a table.
    return t.field({ ...all, ...field, resolve } as never);
  };
  const refs = Object.entries(table).flatMap(([name, field]) => {
    const {
      kind,
      raw,
      isRequired = kind === 'id' || kind === 'created' || Array.isArray(types[kind]),
    } = field;
    const type = typeOf(field, types);
    const directives = { ...all?.directives, ...(Array.isArray(type) && ONE_ITEM) };
    const description = descriptionOf(name, field);
    const shown = define(name, { type, nullable: !isRequired, description, directives }, showOf(field));
    if (raw === undefined) return [[name, shown] as const];
    const text = `The ${raw} as the runs API sent it; useful if \`${name}\` is UNRECOGNIZED.`;
    const sent = define(name, { type: 'String', nullable: true, description: text });
    return [[name, shown] as const, [rawNameOf(name), sent] as const];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- There is a field for each name.
  return Object.fromEntries(refs) as Record<FieldNames<Fields>, FieldRef<Types>>;
}

function typeOf({ kind, enum: values, type: id }: MessageField, types: KindTypes): FieldType {
  const type = values === undefined ? (types[kind] ?? TYPES[kind]) : ENUM_REFS[values];
  if (type === undefined) throw new Error(`No type is given for fields of the kind ${kind}`);
  if (Array.isArray(type)) return [id ?? type[0]];
  return kind === 'enum list' ? [type] : (id ?? type);
}

/** Returns how the values of a field are shown; undefined if as they are. */
function showOf({ kind, enum: name, isRequired }: MessageField): Show | undefined {
  if (kind === 'boolean' && isRequired) return (value) => value === true;
  if (kind === 'long' && isRequired) return (value) => value ?? 0;
  if (name === undefined) return undefined;
  const ofNull = isRequired ? UNRECOGNIZED : null;
  const show: Show = (value) => (typeof value === 'string' ? recognize(name, value) : ofNull);
  return kind === 'enum value' ? show : (list) => (Array.isArray(list) ? list.map(show) : null);
}

/** Adds the key in REST, if it differs from the name and the description doesn't mention it. */
function descriptionOf(name: string, { wire, description }: MessageField): string {
  if (wire === name || description.includes('REST:')) return description;
  return `${description.slice(0, -1)} (REST: \`${wire}\`).`;
}
