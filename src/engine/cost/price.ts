import { memoize } from '../../runs/memoize.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { type FieldPricing, pricingOf } from './field-pricing.ts';
import type { ReadArgument } from './price-arguments.ts';

/** The price of an operation, before it is executed. */
export interface Price {
  /** By the GraphQL cost directives specification: `@cost` and `@listSize` in the schema. */
  readonly cost: number;
  /** The number of values in the result, and in list arguments. */
  readonly values: number;
}

export interface PriceOptions {
  readonly readArgument: ReadArgument;
  /** Receives the costs of fields without what lies below them, by their paths in the response without indices. */
  readonly onFieldCost?: (path: string, cost: number) => void;
}

/** What the price of a field depends on beside the field itself. */
interface Scope {
  /** Undefined unless the costs of fields are reported. */
  readonly path: string | undefined;
  /** How many objects have the field. */
  readonly times: number;
  /** How the object was read: as a row of a list, by a look-up that its field has paid for, or with its parent. */
  readonly readBy: 'list' | 'look-up' | 'parent';
  /** The lists below the object whose length is set by arguments of its field: `sizedFields` in `@listSize`. */
  readonly sizedFields: readonly string[];
  readonly size: number;
}

/**
 * The average lengths of the lists of introspection for each type or field; any other list counts half a value.
 * Validation refuses documents that nest the lists more than twice.
 */
const INTROSPECTED: Readonly<Record<string, number>> = { types: 95, fields: 4.7, ofType: 0.5 };

/** A `sharesRequest` key: the request that reads the object itself. Lists and look-ups have paid for it already. */
const ITSELF = 'itself';
const NOTHING: Price = { cost: 0, values: 0 };

/** The fields of an object that may have a price, and the number of the others, each of which is one value. */
const partsOf = memoize(({ fields }: MergedObject) => {
  const priced = fields.filter(({ field, objects }) => objects.length > 0 || !pricingOf(field).isFree);
  return { priced, free: fields.length - priced.length };
});

/** Prices the selections of an operation with the variables of a request. */
export function priceOf(selections: MergedObject, options: PriceOptions): Price {
  const { readArgument, onFieldCost } = options;
  const root: Scope = { path: onFieldCost && '', times: 1, readBy: 'parent', sizedFields: [], size: 1 };
  return priceOfObject(selections, root);

  function priceOfObject(object: MergedObject, scope: Scope): Price {
    const paid = new Set<unknown>(scope.readBy === 'parent' ? [] : [ITSELF]);
    let [cost, values] = [0, 0];
    const { priced, free } = partsOf(object);
    values += free;
    for (const field of priced) {
      const price = priceOfField(field, scope, paid);
      cost += price.cost;
      values += price.values;
    }
    return { cost, values };
  }

  /** @param paid the requests that earlier fields have paid for */
  function priceOfField(field: MergedField, scope: Scope, paid: Set<unknown>): Price {
    const pricing = pricingOf(field.field);
    const sliced = slicedSize(field, pricing);
    const size = sizeOf(field, pricing, scope, sliced);
    const ofArguments = priceOfArguments(field, pricing);
    const fieldCost = size * weightOf(field, pricing, scope, paid) + ofArguments.cost;
    const path = scope.path === undefined ? undefined : scope.path + (scope.path && '.') + field.key;
    if (path !== undefined && fieldCost > 0) onFieldCost?.(path, scope.times * fieldCost);
    const below = priceOfObjects(field, {
      path,
      times: scope.times * size,
      readBy: readBy(pricing),
      sizedFields: pricing.sizedFields,
      // A field that is priced per id has one value for each id in the lists below.
      size: pricing.isPricedPerId ? 1 : (sliced ?? 1),
    });
    return {
      cost: Math.max(0, fieldCost + multiplied(size, below.cost)),
      values: ofArguments.values + multiplied(size, 1 + below.values),
    };
  }

  /** Of the possible types of a value, the most expensive one counts. */
  function priceOfObjects({ objects }: MergedField, scope: Scope): Price {
    if (objects.length === 0) return NOTHING;
    const prices = objects.map((object) => priceOfObject(object, scope));
    return {
      cost: Math.max(...prices.map(({ cost }) => cost)),
      values: Math.max(...prices.map(({ values }) => values)),
    };
  }

  /** Returns the number of values per parent. @param sliced the size of a list that the arguments of the field say */
  function sizeOf(
    field: MergedField,
    pricing: FieldPricing,
    scope: Scope,
    sliced: number | undefined,
  ): number {
    const { isList, isPricedPerId, listArgument, sizedFields } = pricing;
    if (field.objects.length === 0) return 1;
    if (isIntrospection(field)) return INTROSPECTED[field.name] ?? (isList ? 0.5 : 1);
    if (!isPricedPerId) {
      if (!isList) return 1;
      if (sliced !== undefined && sizedFields.length === 0) return sliced;
      if (scope.sizedFields.includes(field.name)) return scope.size;
    }
    const items = listArgument && readArgument(field, listArgument);
    return Array.isArray(items) ? items.length : 1;
  }

  /** Returns the size of a list by `@listSize`. */
  function slicedSize(field: MergedField, { listSize }: FieldPricing): number | undefined {
    if (listSize === undefined) return undefined;
    // The executor rejects anything that is not an Int.
    const sizes = listSize.slicingArguments
      .map((name) => readArgument(field, name))
      .filter((size) => typeof size === 'number' && size === (size | 0));
    return sizes.length === 0 ? listSize.assumed : Math.max(0, ...sizes.map(Number));
  }

  /** Returns the cost of the arguments of a field, and the values in lists among them. */
  function priceOfArguments(field: MergedField, { argumentWeights, costPerItem }: FieldPricing): Price {
    const { arguments: args = [] } = field.nodes[0];
    if (args.length === 0) return NOTHING;
    let [cost, values] = [0, 0];
    for (const { name } of args) {
      const value = readArgument(field, name.value);
      if (Array.isArray(value)) values += value.length;
      if (value !== undefined && value !== null) cost += argumentWeights.get(name.value) ?? 0;
    }
    const items = costPerItem && readArgument(field, costPerItem.argument);
    if (costPerItem && typeof items === 'number') {
      cost += costPerItem.weight * (Math.max(0, items) - costPerItem.assumed);
    }
    return { cost, values };
  }
}

/** Returns the weight of a field; 0 if another field of the same object has paid for the same request. */
function weightOf(field: MergedField, pricing: FieldPricing, scope: Scope, paid: Set<unknown>): number {
  const isFree = field.objects.length === 0 || isIntrospection(field);
  const { sharesRequest, requestOutsideLists, costIfLookedUp } = pricing;
  const weight =
    (pricing.weight ?? (isFree ? 0 : 1)) +
    (scope.readBy === 'list' ? 0 : requestOutsideLists) +
    (scope.readBy === 'look-up' ? costIfLookedUp : 0);
  if (sharesRequest === undefined || weight === 0) return weight;
  if (paid.has(sharesRequest)) return 0;
  paid.add(sharesRequest);
  return weight;
}

/** How the objects of a field are read. */
function readBy({ comesWithList, weight }: FieldPricing): Scope['readBy'] {
  if (comesWithList) return 'list';
  return weight === undefined ? 'parent' : 'look-up';
}

function isIntrospection({ objects: [object] }: MergedField): boolean {
  return object?.type.name.startsWith('__') === true;
}

/** The product of nested lists may be infinite, and 0 times infinity must be 0. */
function multiplied(times: number, each: number): number {
  return times === 0 ? 0 : times * each;
}
