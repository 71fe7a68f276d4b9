import type { GraphQLSchema } from 'graphql';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';

/** How many times each value of a schema (a type, a field, an argument …) is selected. */
type Counts = ReadonlyMap<unknown, number>;

/**
 * Counts the values that a root field of introspection selects, by walking the schema as the executor
 * does, but for each part of the schema once per selection. What depends on arguments counts as if
 * they asked for the most: `__type` as all types, deprecated parts as included.
 *
 * @param field `__schema` or `__type`
 * @param max more than this is infinite, which bounds the time that counting takes
 */
export function countIntrospected(field: MergedField, schema: GraphQLSchema, max: number): number {
  let values = 0;

  const countBelow = ({ objects }: MergedField, counts: Counts): void => {
    for (const object of objects) countFields(object, counts);
  };

  const countFields = ({ fields }: MergedObject, counts: Counts): void => {
    for (const below of fields) {
      if (values > max) return;
      const selected = new Map<unknown, number>();
      for (const [parent, times] of counts) {
        // A leaf is a value as well; so is an empty list.
        values += times;
        if (below.objects.length === 0) continue;
        for (const value of valuesOf(below, parent, schema)) {
          selected.set(value, (selected.get(value) ?? 0) + times);
        }
      }
      countBelow(below, selected);
    }
  };

  const roots = field.name === '__schema' ? [schema] : Object.values(schema.getTypeMap());
  countBelow(field, new Map(roots.map((root) => [root, 1])));
  return values > max ? Infinity : values;
}

/** Resolves a field of introspection. */
function valuesOf({ field }: MergedField, parent: unknown, schema: GraphQLSchema): readonly unknown[] {
  const args = [parent, { includeDeprecated: true }, undefined, { schema }];
  const value: unknown = field.resolve && Reflect.apply(field.resolve, undefined, args);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
