import { type GraphQLType, isListType, isNonNullType } from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import { memoize } from '../../runs/memoize.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { COPIED_WEIGHT, EXECUTED_WEIGHT } from '../limits.ts';
import { areRowsBelow, isPlainField, isRow } from '../rows/compile-row.ts';
import {
  type DirectiveArguments,
  directive,
  namesIn,
  numberOr,
  type ReadArgument,
} from './price-arguments.ts';

/** The price of an operation, before it is executed. */
export interface Price {
  /** By the GraphQL cost directives specification: `@cost` and `@listSize` in the schema. */
  readonly cost: number;
  /** The number of values, by what each takes: see `VALUES_PER_COST`. */
  readonly values: number;
}

export interface PriceOptions {
  readonly readArgument: ReadArgument;
  /** Whether rows are copied where possible; if not, the executor produces all values. */
  readonly copiesRows: boolean;
  /** Receives the costs of fields without what lies below them, by their paths in the response without indices. */
  readonly onFieldCost?: (path: string, cost: number) => void;
}

/** The properties of a field that its parents determine. */
interface Scope {
  /** Undefined unless costs are received by path. */
  readonly path: string | undefined;
  /** How many objects have the field. */
  readonly times: number;
  /** Whether the object is a row that came from a list. */
  readonly isListed: boolean;
  /** Whether the object is looked up, at the cost of the field that returns it. */
  readonly isLookedUp: boolean;
  /** Whether all that comes with the object has been paid for: it was looked up, or came in a list. */
  readonly isPaid: boolean;
  /** Whether the values are copied as part of the row above. */
  readonly isCopied: boolean;
  /** The lists below the object whose size the arguments of its field say, by `sizedFields` in `@listSize`. */
  readonly sizedFields: readonly string[];
  readonly size: number;
}

/**
 * The assumed lengths of lists of introspection, as an average type or field has them; any other list has half a value.
 * Validation refuses documents that nest the lists more than twice.
 */
const INTROSPECTED: Readonly<Record<string, number>> = { types: 95, fields: 4.7, ofType: 0.5 };

/** The request that fields share which come with their object: it may have been sent already. */
const ITSELF = 'itself';

/** Prices the selections of an operation with the variables of a request. */
export function priceOf(selections: MergedObject, options: PriceOptions): Price {
  const { readArgument, copiesRows, onFieldCost } = options;
  return priceOfObject(selections, {
    path: onFieldCost && '',
    times: 1,
    isListed: false,
    isLookedUp: false,
    isPaid: false,
    isCopied: false,
    sizedFields: [],
    size: 1,
  });

  function priceOfObject(object: MergedObject, scope: Scope): Price {
    const paid = new Set<unknown>(scope.isPaid ? [ITSELF] : []);
    let [cost, values] = [0, 0];
    for (const field of object.fields) {
      const price = priceOfField(object, field, scope, paid);
      cost += price.cost;
      values += price.values;
    }
    return { cost, values };
  }

  /** @param paid the requests that earlier fields have paid for */
  function priceOfField(parent: MergedObject, field: MergedField, scope: Scope, paid: Set<unknown>): Price {
    const { extensions } = field.field;
    const listSize = directive(field.field, 'listSize');
    const isLookedUp = directive(field.field, 'cost') !== undefined;
    const sizedFields = namesIn(listSize?.['sizedFields']);
    const sliced = listSize && slicedSize(field, listSize);
    const [size, count] = lengthOf(field, scope, sizedFields.length > 0 ? undefined : sliced);
    const isCopied =
      copiesRows && (scope.isCopied || (isRow(parent) && isPlainField(parent, field, scope.isListed)));
    const ofArguments = priceOfArguments(field);
    const fieldCost = size * weightOf(field, scope, paid) + ofArguments.cost;
    const path = scope.path === undefined ? undefined : scope.path + (scope.path && '.') + field.key;
    if (path !== undefined && fieldCost > 0) onFieldCost?.(path, scope.times * fieldCost);
    const below: Scope = {
      path,
      times: scope.times * size,
      isCopied,
      isListed: areRowsBelow(parent, field, scope.isListed),
      isLookedUp,
      isPaid: isLookedUp || extensions['comesWithList'] === true,
      sizedFields,
      // A field that is priced per id has one value for each id in the lists below.
      size: extensions['isPricedPerId'] === true ? 1 : (sliced ?? 1),
    };
    // Of the possible types of a value, the most expensive one counts.
    const prices = field.objects.map((object) => priceOfObject(object, below));
    const costBelow = Math.max(0, ...prices.map(({ cost }) => cost));
    const valuesBelow = Math.max(0, ...prices.map(({ values }) => values));
    const perValue = (isCopied ? COPIED_WEIGHT : EXECUTED_WEIGHT) + valuesBelow;
    return {
      cost: Math.max(0, fieldCost + multiplied(size, costBelow)),
      values: ofArguments.values + multiplied(count, perValue),
    };
  }

  /** Returns the number of values per parent: for the cost, where equal ids count once; and of all values. */
  function lengthOf(
    merged: MergedField,
    scope: Scope,
    slicedLength: number | undefined,
  ): readonly [size: number, count: number] {
    const { type, args, extensions } = merged.field;
    if (merged.objects.length === 0) return [1, 1];
    let size: number | undefined;
    if (isIntrospection(merged)) size = INTROSPECTED[merged.name] ?? (isList(type) ? 0.5 : 1);
    else if (extensions['isPricedPerId'] !== true) {
      if (!isList(type)) return [1, 1];
      size = slicedLength ?? (scope.sizedFields.includes(merged.name) ? scope.size : undefined);
    }
    if (size !== undefined) return [size, size];
    const ids = args.find((argument) => isList(argument.type));
    const values = ids && readArgument(merged, ids.name);
    return Array.isArray(values) ? [countDifferent(values), values.length] : [1, 1];
  }

  function slicedSize(field: MergedField, listSize: DirectiveArguments): number {
    // The executor rejects anything that is not an Int.
    const sizes = namesIn(listSize['slicingArguments'])
      .map((name) => readArgument(field, name))
      .filter((size) => typeof size === 'number' && size === (size | 0));
    return sizes.length === 0 ? numberOr(listSize['assumedSize'], 1) : Math.max(0, ...sizes.map(Number));
  }

  /** Returns the cost of the arguments of a field, and the values in lists among them. */
  function priceOfArguments(merged: MergedField): Price {
    const { args, extensions } = merged.field;
    let [cost, values] = [0, 0];
    for (const { name } of merged.nodes[0].arguments ?? []) {
      const value = readArgument(merged, name.value);
      const argument = args.find((each) => each.name === name.value);
      if (Array.isArray(value)) values += value.length;
      if (argument !== undefined && value !== undefined && value !== null) {
        cost += numberOr(directive(argument, 'cost')?.['weight'], 0);
      }
    }
    const per = extensions['costPerItem'];
    const items = isObject(per) && readArgument(merged, String(per['argument']));
    if (isObject(per) && typeof items === 'number') {
      cost += Number(per['weight']) * (Math.max(0, items) - Number(per['assumed']));
    }
    return { cost, values };
  }
}

/** Returns the weight of a field; 0 if another field of the same object has paid for the same request. */
function weightOf(merged: MergedField, scope: Scope, paid: Set<unknown>): number {
  const { field, objects } = merged;
  const { extensions } = field;
  const isFree = objects.length === 0 || isIntrospection(merged);
  const weight =
    numberOr(directive(field, 'cost')?.['weight'], isFree ? 0 : 1) +
    (scope.isListed ? 0 : numberOr(extensions['costOutsideLists'], 0)) +
    (scope.isLookedUp ? numberOr(extensions['costIfLookedUp'], 0) : 0);
  const { sharesRequest } = extensions;
  if (sharesRequest === undefined || weight === 0) return weight;
  if (paid.has(sharesRequest)) return 0;
  paid.add(sharesRequest);
  return weight;
}

function isIntrospection({ objects: [object] }: MergedField): boolean {
  return object?.type.name.startsWith('__') === true;
}

function isList(type: GraphQLType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** The product of nested lists may be infinite, and 0 times infinity must be 0. */
function multiplied(times: number, each: number): number {
  return times === 0 ? 0 : times * each;
}

/** Thousands of fields may take the same list from a variable. */
const countDifferent = memoize((values: readonly unknown[]) => new Set(values.map(identity)).size);

/** Returns what identifies a look-up: an id, or the type and id of a representation. */
function identity(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { __typename: type, id } = value;
  return typeof type === 'string' && typeof id === 'string' ? `${type} ${id}` : value;
}
