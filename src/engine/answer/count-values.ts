import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type FieldNode,
  GraphQLError,
  type GraphQLResolveInfo,
  GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  type Location,
} from 'graphql';
import { directive } from '../cost/read-argument.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';

/** The values that an execution has come to so far. */
interface Count {
  values: number;
}

/** Counts the values in lists whose length no price can know. */
export interface ValueCounter {
  /** The schema to execute. When there are too many values, all such lists fail at once. */
  readonly schema: GraphQLSchema;
  /** Starts to count for an execution. @returns whether there were too many */
  readonly start: (context: unknown) => () => boolean;
}

/** Ends a field at once: the executor takes an error with a path for located, and only passes it on. */
const TOO_MANY = new GraphQLError('Too many values', { path: [] });

/**
 * Bounds what a price can only assume: the length of lists that have no size to ask for, such as the
 * parts of a message. A list is counted with all of its values before any of them is produced.
 *
 * @param max the number of values for one execution
 */
export function countValues(schema: GraphQLSchema, max: number): ValueCounter {
  const counts = new WeakMap<object, Count>();

  const count = (items: unknown, context: object, { fieldNodes: [node] }: GraphQLResolveInfo): unknown => {
    const counted = counts.get(context);
    const values = node && valuesPerItem(node);
    if (counted === undefined || values === undefined || !Array.isArray(items)) return items;
    counted.values += items.length * values;
    if (counted.values > max) throw TOO_MANY;
    return items;
  };

  const counting = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => {
      const { resolve = defaultFieldResolver, type } = field;
      const isList = isListType(isNonNullType(type) ? type.ofType : type);
      if (!isList || !isCompositeType(getNamedType(type))) return undefined;
      return {
        ...field,
        resolve: (source, args, context, info) => {
          const items: unknown = resolve(source, args, context, info);
          if (!(items instanceof Promise)) return count(items, context, info);
          // A thenable rather than a new promise, which would settle later and so change the order of
          // errors among sibling fields.
          return {
            // oxlint-disable-next-line unicorn/no-thenable -- See above.
            then: (done: (items: unknown) => unknown, failed?: (reason: unknown) => unknown) =>
              // oxlint-disable-next-line promise/no-callback-in-promise -- See above.
              items.then((all) => done(count(all, context, info)), failed),
          };
        },
      };
    },
  });
  return {
    schema: inOrderOf(schema, counting),
    start(context) {
      if (typeof context !== 'object' || context === null) return () => false;
      const counted: Count = { values: 0 };
      counts.set(context, counted);
      return () => counted.values > max;
    },
  };
}

/** Returns the mapped schema with its types in the order that introspection shows. */
function inOrderOf(schema: GraphQLSchema, mapped: GraphQLSchema): GraphQLSchema {
  const types = Object.keys(schema.getTypeMap()).flatMap((name) => mapped.getType(name) ?? []);
  return new GraphQLSchema({ ...mapped.toConfig(), types });
}

/**
 * The values in each item of a list that has no size to ask for, by the place where the list is selected,
 * which rewritten nodes keep.
 */
const valuesByPlace = new WeakMap<Location, number>();

/**
 * Measures the items of an operation's lists of objects, but for pages, whose size is priced.
 *
 * @returns whether there are any
 */
export function measureItems(root: MergedObject): boolean {
  return valuesOf(root, []).hasLists;
}

/** Returns the values in each item of a list, the item included; undefined for a page. */
function valuesPerItem({ loc }: FieldNode): number | undefined {
  return loc && valuesByPlace.get(loc);
}

interface Measured {
  /** The number of values in an object, without the items of lists. */
  readonly values: number;
  readonly hasLists: boolean;
}

/** @param pages the names of lists that are pages */
function valuesOf({ fields }: MergedObject, pages: readonly unknown[]): Measured {
  let values = 0;
  let hasLists = false;
  for (const field of fields) {
    const { slicingArguments, sizedFields } = directive(field.field, 'listSize') ?? {};
    // Of the possible types of a value, the one with the most fields counts.
    const below = field.objects.map((object) =>
      valuesOf(object, Array.isArray(sizedFields) ? sizedFields : []),
    );
    const most = Math.max(0, ...below.map((one) => one.values));
    const isCounted = isListOfObjects(field) && slicingArguments === undefined && !pages.includes(field.name);
    hasLists ||= isCounted || below.some((one) => one.hasLists);
    values += 1;
    if (!isListOfObjects(field)) values += most;
    else if (isCounted) remember(field, 1 + most);
  }
  return { values, hasLists };
}

function isListOfObjects({ field: { type }, objects }: MergedField): boolean {
  return objects.length > 0 && isListType(isNonNullType(type) ? type.ofType : type);
}

/** The same place may be spread into several selections. */
function remember({ nodes: [{ loc }] }: MergedField, values: number): void {
  if (loc !== undefined) valuesByPlace.set(loc, Math.max(values, valuesByPlace.get(loc) ?? 0));
}
