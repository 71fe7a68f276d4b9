import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { COPIED, EXECUTED } from '../limits.ts';
import type { CopiedRows } from '../rows/index.ts';
import { costOfField, type FieldCost, type ListSize } from './field-cost.ts';
import { introspectedLists } from './introspected-lists.ts';
import { createReadArgument, type Variables } from './read-argument.ts';

/** What an operation asks for, known before it is executed. */
export interface Price {
  /** By the GraphQL cost directives specification: `@cost` and `@listSize` in the schema. */
  readonly cost: number;
  /** The number of values, by what each takes: see `VALUES_PER_COST`. */
  readonly values: number;
}

export interface Priced {
  /** The schema that introspection shows. */
  readonly schema: GraphQLSchema;
  readonly node: OperationDefinitionNode;
  readonly selections: MergedObject;
  readonly rows: CopiedRows;
  /** Whether rows are copied where possible; if not, the executor produces all values. */
  readonly copiesRows: boolean;
}

/** Receives the own cost of a field, by its path in the response without indices. */
export type OnFieldCost = (path: string, cost: number) => void;

/** What the parents of a field determine about it. */
interface Scope {
  /** Undefined unless costs are received by path. */
  readonly path: string | undefined;
  /** How many objects there are like the one that has the field. */
  readonly times: number;
  /** Whether the object is a row that came from a list. */
  readonly isListed: boolean;
  /** Whether the object is looked up, at the cost of the field that returns it. */
  readonly isLookedUp: boolean;
  /** Whether all that comes with the object has been paid for: it was looked up, or came in a list. */
  readonly isPaid: boolean;
  /** Whether the values are copied as part of the row above. */
  readonly isCopied: boolean;
  /** The lists below the object with a size that its field has, by `sizedFields` in `@listSize`. */
  readonly sizedFields: readonly string[];
  readonly size: number;
}

/** What fields share that come with their object, which may have been looked up already. */
const ITSELF = 'itself';

/** Prices an operation with the variables of a request. */
export function priceOf(
  { schema, node, selections, rows, copiesRows }: Priced,
  variables: Variables,
  onFieldCost?: OnFieldCost,
): Price {
  const readArgument = createReadArgument(node, variables);
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

  /** @param paid the requests that fields before it have paid for */
  function priceOfField(parent: MergedObject, field: MergedField, scope: Scope, paid: Set<unknown>): Price {
    const cost = costOfField(field.field);
    const sizeOfLists = cost.listSize && slicedSize(field, cost.listSize);
    const isSizedBelow = cost.listSize !== undefined && cost.listSize.sizedFields.length > 0;
    const [size, count] = lengthOf(field, cost, scope, isSizedBelow ? undefined : sizeOfLists);
    const isCopied =
      copiesRows &&
      (scope.isCopied || (rows.isRow(parent) && rows.isPlainField(parent, field, scope.isListed)));
    const weight = weightOnce(
      cost.weight + (scope.isListed ? 0 : cost.outsideLists) + (scope.isLookedUp ? cost.ifLookedUp : 0),
      cost.sharesRequest,
      paid,
    );
    const own = size * weight + weightOfArguments(field, cost);
    const path = scope.path === undefined ? undefined : scope.path + (scope.path && '.') + field.key;
    if (path !== undefined && own > 0) onFieldCost?.(path, scope.times * own);
    const below: Scope = {
      path,
      times: scope.times * size,
      isCopied,
      isListed: rows.areRowsBelow(parent, field, scope.isListed),
      isLookedUp: cost.isLookedUp,
      isPaid: cost.isLookedUp || cost.comesWithList,
      sizedFields: cost.listSize?.sizedFields ?? [],
      // Of a field that is priced per id, each one has a value in the lists below.
      size: cost.isPricedPerId ? 1 : (sizeOfLists ?? 1),
    };
    // Of the possible types of a value, the most expensive one counts.
    let [costBelow, valuesBelow] = [0, 0];
    for (const object of field.objects) {
      const price = priceOfObject(object, below);
      costBelow = Math.max(costBelow, price.cost);
      valuesBelow = Math.max(valuesBelow, price.values);
    }
    const perValue = (isCopied ? COPIED : EXECUTED) + valuesBelow;
    return {
      cost: Math.max(0, own + multiplied(size, costBelow)),
      values: valuesInArguments(field) + multiplied(count, perValue),
    };
  }

  /** Returns the number of values per parent: for the cost, where what is looked up once counts once; and all. */
  function lengthOf(
    field: MergedField,
    cost: FieldCost,
    scope: Scope,
    ownSize: number | undefined,
  ): readonly [size: number, count: number] {
    if (cost.isIntrospection) {
      const size = introspectedLists(schema).get(field.name) ?? 1;
      return [size, size];
    }
    if (!cost.isPricedPerId) {
      if (!cost.isListOfObjects) return [1, 1];
      const size = ownSize ?? (scope.sizedFields.includes(field.name) ? scope.size : undefined);
      if (size !== undefined) return [size, size];
    }
    const ids = cost.idsArgument === undefined ? undefined : readArgument(field, cost.idsArgument);
    return Array.isArray(ids) ? [countDifferent(ids), ids.length] : [1, 1];
  }

  function slicedSize(field: MergedField, { assumed, slicingArguments }: ListSize): number {
    // The executor rejects anything that is not an Int.
    const sizes = slicingArguments
      .map((name) => readArgument(field, name))
      .filter((size) => typeof size === 'number' && size === (size | 0));
    return sizes.length === 0 ? assumed : Math.max(0, ...sizes.map(Number));
  }

  /** Returns the weight of the arguments that are given. */
  function weightOfArguments(field: MergedField, { argumentWeights, perItem }: FieldCost): number {
    let total = 0;
    for (const [name, weight] of argumentWeights) {
      const value = readArgument(field, name);
      if (value !== undefined && value !== null) total += weight;
    }
    const items = perItem && readArgument(field, perItem.argument);
    if (perItem === undefined || typeof items !== 'number') return total;
    return total + perItem.weight * (Math.max(0, items) - perItem.assumed);
  }

  function valuesInArguments(field: MergedField): number {
    let values = 0;
    for (const { name } of field.nodes[0].arguments ?? []) {
      const value = readArgument(field, name.value);
      if (Array.isArray(value)) values += value.length;
    }
    return values;
  }
}

/** Returns a weight unless another field has paid for the same request. */
function weightOnce(weight: number, request: unknown, paid: Set<unknown>): number {
  if (request === undefined || weight === 0) return weight;
  if (paid.has(request)) return 0;
  paid.add(request);
  return weight;
}

/** What nested lists multiply to may be infinite, but nothing times that is nothing. */
function multiplied(times: number, each: number): number {
  return times === 0 ? 0 : times * each;
}

/** Thousands of fields may take the same list from a variable. */
const counted = new WeakMap<readonly unknown[], number>();

function countDifferent(values: readonly unknown[]): number {
  const count = counted.get(values) ?? new Set(values.map(identity)).size;
  counted.set(values, count);
  return count;
}

/** What is equal for values that are looked up once: an id, or the type and id of a representation. */
function identity(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { __typename: type, id } = value;
  return typeof type === 'string' && typeof id === 'string' ? `${type} ${id}` : value;
}
