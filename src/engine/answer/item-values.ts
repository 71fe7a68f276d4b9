import { type FieldNode, isListType, isNonNullType, type Location } from 'graphql';
import { directive } from '../cost/directive.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';

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
export function valuesPerItem({ loc }: FieldNode): number | undefined {
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
    const isCounted = isList(field) && slicingArguments === undefined && !pages.includes(field.name);
    hasLists ||= isCounted || below.some((one) => one.hasLists);
    values += 1;
    if (!isList(field)) values += most;
    else if (isCounted) remember(field, 1 + most);
  }
  return { values, hasLists };
}

function isList({ field: { type }, objects }: MergedField): boolean {
  return objects.length > 0 && isListType(isNonNullType(type) ? type.ofType : type);
}

/** The same place may be spread into several selections. */
function remember({ nodes: [{ loc }] }: MergedField, values: number): void {
  if (loc !== undefined) valuesByPlace.set(loc, Math.max(values, valuesByPlace.get(loc) ?? 0));
}
