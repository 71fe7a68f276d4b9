import type { FieldRef, InterfaceFieldBuilder, ObjectFieldBuilder, OutputType } from '@pothos/core';
import type { Context } from '../loaders/context.ts';
import { rawNameOf } from '../runs/field.ts';
import type { MessageField } from '../runs/message-kinds.ts';
import { UNRECOGNIZED } from '../runs/run-enums.ts';
import type { builder } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';

type Types = typeof builder.$inferSchemaTypes;
type Builder<Parent> = ObjectFieldBuilder<Types, Parent> | InterfaceFieldBuilder<Types, Parent>;
type FieldType = OutputType<Types> | [OutputType<Types>];
type AnyParent = Readonly<Record<string, unknown>>;
type Kind = MessageField['kind'];

/** A table of fields; see `runs/field.ts`. */
type Table = Readonly<Record<string, MessageField>>;

type RawName<Fields extends Table, Name = keyof Fields> = Name extends keyof Fields & string
  ? Fields[Name] extends { readonly raw: string }
    ? `raw${Capitalize<Name>}`
    : never
  : never;

/** The fields of a table, and behind each enum value with `raw` the field that shows its text. */
type FieldRefs<Fields extends Table> = Record<keyof Fields | RawName<Fields>, FieldRef<Types>>;

type Resolve<Parent> = (parent: Parent, args: object, context: Context) => unknown;

type Show = (value: unknown) => unknown;

interface FieldsOptions<Parent, Name extends PropertyKey> {
  /** The types of the kinds that are objects. */
  readonly objects?: { readonly [Each in Kind]?: OutputType<Types> };
  /** The types of the items of the kinds that are lists of objects, which are never null. */
  readonly lists?: { readonly [Each in Kind]?: OutputType<Types> };
  /** What all fields have besides, such as directives. */
  readonly all?: object;
  /** What single fields have besides, instead of what their kind says. */
  readonly some?: {
    readonly [Each in Name]?: {
      readonly extensions?: object;
      readonly nullable?: false;
      readonly resolve: Resolve<Parent>;
    };
  };
}

/** Reads the value of a field where it isn't a property of the parent. */
type ReadField<Parent, Name> = (parent: Parent, name: Name, context: Context) => Promise<unknown>;

const TYPES: { readonly [Each in Kind]?: FieldType } = {
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
export function fieldsOf<
  const Fields extends Table,
  Parent extends { readonly [Name in keyof Fields]: unknown },
>(
  t: Builder<Parent>,
  table: Fields,
  options?: FieldsOptions<NoInfer<Parent>, keyof NoInfer<Fields>>,
): FieldRefs<Fields>;
export function fieldsOf<const Fields extends Table, Parent extends object>(
  t: Builder<Parent>,
  table: Fields,
  options: FieldsOptions<NoInfer<Parent>, keyof NoInfer<Fields>> & {
    readonly read: ReadField<NoInfer<Parent>, keyof NoInfer<Fields>>;
  },
): FieldRefs<Fields>;
export function fieldsOf(
  t: Builder<AnyParent>,
  table: Table,
  options: FieldsOptions<AnyParent, string> & { readonly read?: ReadField<AnyParent, string> } = {},
): Record<string, FieldRef<Types>> {
  const { lists = {}, all, some = {}, read } = options;
  const resolverOf = (name: string, show?: Show): Resolve<AnyParent> => {
    if (read !== undefined) {
      if (show === undefined) return (parent, _args, context) => read(parent, name, context);
      return async (parent, _args, context) => show(await read(parent, name, context));
    }
    return show === undefined ? (parent) => parent[name] : (parent) => show(parent[name]);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos can't derive types from a table.
  const define = (field: object): FieldRef<Types> => t.field({ ...all, ...field } as never);
  const refs = Object.entries(table).flatMap(([name, field]) => {
    const { kind, raw, isRequired } = field;
    const { type, show } = shapeOf(field, options);
    const isThere = isRequired ?? (kind === 'id' || kind === 'created' || kind in lists);
    const description = descriptionOf(name, field);
    const resolve = resolverOf(name, show);
    const shown = define({ type, nullable: !isThere, description, resolve, ...some[name] });
    if (raw === undefined) return [[name, shown] as const];
    const text = define({
      type: 'String',
      nullable: true,
      description: `The ${raw} as the runs API sent it; useful if \`${name}\` is UNRECOGNIZED.`,
      resolve: resolverOf(name),
    });
    return [[name, shown] as const, [rawNameOf(name), text] as const];
  });
  return Object.fromEntries(refs);
}

/** Returns the type of a field, and how its value is shown, if not as it is. */
function shapeOf(
  field: MessageField,
  { objects = {}, lists = {} }: FieldsOptions<never, string>,
): { readonly type: FieldType; readonly show?: Show } {
  const { kind } = field;
  if (field.enum !== undefined) {
    const { enum: name, isRequired = false } = field;
    const ofNull = isRequired ? UNRECOGNIZED : null;
    const show: Show = (value) => (typeof value === 'string' ? recognize(name, value) : ofNull);
    if (kind === 'enum value') return { type: ENUM_REFS[name], show };
    return { type: [ENUM_REFS[name]], show: (list) => (Array.isArray(list) ? list.map(show) : null) };
  }
  const item = lists[kind];
  if (item !== undefined) return { type: [item] };
  const type = objects[kind] ?? TYPES[kind];
  if (type === undefined) throw new Error(`No type is given for fields of the kind ${kind}`);
  if (field.type === undefined) return { type };
  return { type: Array.isArray(type) ? [field.type] : field.type };
}

/** Adds the key in REST, if it differs from the name and the description doesn't mention it. */
function descriptionOf(name: string, { wire, description }: MessageField): string {
  if (wire === name || description.includes('REST:')) return description;
  return `${description.slice(0, -1)} (REST: \`${wire}\`).`;
}
