import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, GraphQLError, type GraphQLSchema, isListType, isNonNullType } from 'graphql';

/** The values that an execution has produced so far. */
interface Count {
  values: number;
}

/** Counts the values that the executor produces: fields, and items of lists. */
export interface ValueCounter {
  /** The schema to execute. Once an execution has produced too many values, all its other fields fail at once. */
  readonly schema: GraphQLSchema;
  /** Starts to count for an execution. @returns whether it has produced too many */
  readonly start: (context: unknown) => () => boolean;
}

/** Ends a field at once: the executor takes an error with a path for located, and only passes it on. */
const TOO_MANY = new GraphQLError('Too many values', { path: [] });

/**
 * Bounds what an operation's price can only assume: how long lists without a size are, such as the parts
 * of a message. Written rows aren't counted, since their number is known in advance.
 *
 * @param max the number of values for one execution
 */
export function countValues(schema: GraphQLSchema, max: number): ValueCounter {
  const counts = new WeakMap<object, Count>();
  const add = (count: Count, values: number): void => {
    count.values += values;
    if (count.values > max) throw TOO_MANY;
  };
  const counted = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => {
      const { resolve = defaultFieldResolver, type } = field;
      const isList = isListType(isNonNullType(type) ? type.ofType : type);
      return {
        ...field,
        resolve: (source, args, context, info) => {
          const count = counts.get(context);
          if (count === undefined) return resolve(source, args, context, info);
          add(count, 1);
          const value: unknown = resolve(source, args, context, info);
          if (!isList) return value;
          const withItems = (items: unknown): unknown => {
            if (Array.isArray(items)) add(count, items.length);
            return items;
          };
          if (!(value instanceof Promise)) return withItems(value);
          // A thenable rather than a new promise, which would settle later and so change the order of
          // errors among sibling fields.
          return {
            // oxlint-disable-next-line unicorn/no-thenable -- See above.
            then: (done: (items: unknown) => unknown, failed?: (reason: unknown) => unknown) =>
              // oxlint-disable-next-line promise/no-callback-in-promise -- See above.
              value.then((items) => done(withItems(items)), failed),
          };
        },
      };
    },
  });
  return {
    schema: counted,
    start(context) {
      if (typeof context !== 'object' || context === null) return () => false;
      const count: Count = { values: 0 };
      counts.set(context, count);
      return () => count.values > max;
    },
  };
}
