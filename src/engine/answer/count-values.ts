import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLResolveInfo,
  GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
} from 'graphql';
import { valuesPerItem } from './item-values.ts';

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
