import {
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { COPIED, EXECUTED } from '../limits.ts';
import { areRowsBelow, costOutsideLists, isPlainField, isRow } from '../rows/compile-row.ts';
import { countIntrospected } from './introspected-values.ts';
import { type DirectiveArguments, directive, type ReadArgument, type Variables } from './read-argument.ts';

/** The length of a list; for the price, what is looked up once counts once. */
type Size = (variables: Variables, isPrice: boolean) => number;

/** A field with a cost of its own or below it. */
export interface CostNode {
  /** Its path in the response, without indices. */
  readonly path: string;
  readonly weight: number;
  /** The total weight of the arguments that are given. */
  readonly argumentWeight: (variables: Variables) => number;
  /** The work for each value, without its arguments. */
  readonly work: number;
  /** The number of values in its list arguments. */
  readonly argumentValues: (variables: Variables) => number;
  /** The number of values per parent. */
  readonly size: Size;
  /** One for each possible type of its value. */
  readonly below: readonly CostFormula[];
}

/** The cost of the fields of an object. */
export interface CostFormula {
  readonly nodes: readonly CostNode[];
  /** The total work of the fields that have no cost. */
  readonly work: number;
}

const ONE: Size = () => 1;
/** What fields share that come with their object, which may have been looked up already. */
const ITSELF = 'itself';
/** The maximum number of values of introspection, whatever the maximum cost. */
const MAX_INTROSPECTED = 1_000_000;

/** For a field without priced arguments. */
const NO_WEIGHT = (): number => 0;

/** What the parents of a field determine about it. */
interface Scope {
  readonly path: string;
  /** Whether the object is a row that came from a list. */
  readonly isListed: boolean;
  /** Whether the object is looked up, at the cost of the field that returns it. */
  readonly isLookedUp: boolean;
  /** Whether all that comes with the object has been paid for: it was looked up, or came in a list. */
  readonly isPaid: boolean;
  /** Whether the values are copied as part of the row above. */
  readonly isCopied: boolean;
  /** The sizes of the lists named by `sizedFields` in the `@listSize` of the parent. */
  readonly sized: ReadonlyMap<string, Size>;
}

/**
 * Compiles the formula of an operation's cost.
 *
 * @param schema the schema that introspection shows
 * @param copiesRows whether rows are copied where possible; if not, the executor produces all values
 */
export function compileCost(
  root: MergedObject,
  readArgument: ReadArgument,
  schema: GraphQLSchema,
  copiesRows: boolean,
): CostFormula {
  return compileObject(root, {
    path: '',
    isListed: false,
    isLookedUp: false,
    isPaid: false,
    isCopied: false,
    sized: new Map(),
  });

  function compileObject(object: MergedObject, scope: Scope): CostFormula {
    // Of the fields of an object that share an upstream request, the first one that costs pays for it.
    const paid = new Set<unknown>(scope.isPaid ? [ITSELF] : []);
    const nodes = object.fields.map((field) => {
      const node = compileField(object, field, scope);
      const { sharesRequest } = field.field.extensions;
      if (sharesRequest === undefined || node.weight === 0) return node;
      if (paid.has(sharesRequest)) return { ...node, weight: 0 };
      paid.add(sharesRequest);
      return node;
    });
    return {
      nodes: nodes.filter((node) => !isFree(node)),
      work: nodes.filter(isFree).reduce((sum, { work }) => sum + work, 0),
    };
  }

  function compileField(parent: MergedObject, field: MergedField, scope: Scope): CostNode {
    const { name, key, objects } = field;
    const path = scope.path === '' ? key : `${scope.path}.${key}`;
    if (name === '__schema' || name === '__type') return introspected(path, field);
    const own = directive(field.field, 'listSize');
    const ownSize = own && sizeOf(field, own);
    const sizedFields = new Set(Array.isArray(own?.['sizedFields']) ? own['sizedFields'] : []);
    const isPerId = field.field.extensions['isPricedPerId'] === true;
    const isCopied =
      copiesRows && (scope.isCopied || (isRow(parent) && isPlainField(parent, field, scope.isListed)));
    const isLookedUp = directive(field.field, 'cost') !== undefined;
    const below: Scope = {
      path,
      isCopied,
      isListed: areRowsBelow(parent, field, scope.isListed),
      isLookedUp,
      isPaid: isLookedUp || field.field.extensions['comesWithList'] === true,
      // Of a field that is priced per id, each one has a value in the lists below.
      sized: new Map(ownSize && [...sizedFields].map((sized) => [String(sized), isPerId ? ONE : ownSize])),
    };
    return {
      path,
      weight: weightOf(field) + costOutsideLists(field, scope.isListed) + costIfLookedUp(field, scope),
      work: isCopied ? COPIED : EXECUTED,
      argumentWeight: weightOfArguments(field),
      argumentValues: (variables) => countArgumentValues(field, variables),
      size: isPerId
        ? (numberOfIds(field) ?? ONE)
        : listSize(field, scope, sizedFields.size === 0 ? ownSize : undefined),
      below: objects.map((object) => compileObject(object, below)),
    };
  }

  /** Introspection is free; its work doesn't depend on variables. */
  function introspected(path: string, field: MergedField): CostNode {
    const work = EXECUTED * countIntrospected(field, schema, MAX_INTROSPECTED);
    return {
      path,
      weight: 0,
      argumentWeight: NO_WEIGHT,
      work,
      argumentValues: () => 0,
      size: () => 1,
      below: [],
    };
  }

  function weightOfArguments(field: MergedField): CostNode['argumentWeight'] {
    const written = new Set(field.nodes[0].arguments?.map(({ name }) => name.value));
    const priced = field.field.args.flatMap((argument) => {
      if (!written.has(argument.name)) return [];
      const weight = directive(argument, 'cost')?.['weight'];
      return typeof weight === 'number' ? [{ name: argument.name, weight }] : [];
    });
    const perItem = costPerItem(field);
    if (priced.length === 0 && perItem === undefined) return NO_WEIGHT;
    return (variables) => {
      let total = perItem?.(variables) ?? 0;
      for (const { name, weight } of priced) {
        const value = readArgument(field, name, variables);
        if (value !== undefined && value !== null) total += weight;
      }
      return total;
    };
  }

  /** What other numbers of items than the assumed one add to the weight of a field that pays for each item. */
  function costPerItem(field: MergedField): CostNode['argumentWeight'] | undefined {
    const per = field.field.extensions['costPerItem'];
    if (!isObject(per)) return undefined;
    const [weight, assumed] = [Number(per['weight']), Number(per['assumed'])];
    return (variables) => {
      const items = readArgument(field, String(per['argument']), variables);
      return typeof items === 'number' ? weight * (Math.max(0, items) - assumed) : 0;
    };
  }

  function countArgumentValues(field: MergedField, variables: Variables): number {
    let values = 0;
    for (const { name } of field.nodes[0].arguments ?? []) {
      const value = readArgument(field, name.value, variables);
      if (Array.isArray(value)) values += value.length;
    }
    return values;
  }

  function listSize(field: MergedField, scope: Scope, own: Size | undefined): Size {
    const { type } = field.field;
    if (!isList(type) || !isCompositeType(getNamedType(type))) return ONE;
    // Otherwise a look-up of several objects.
    return own ?? scope.sized.get(field.name) ?? numberOfIds(field) ?? ONE;
  }

  /** Returns the number of ids in the list argument of a field, if it has one. For the price, of different ones. */
  function numberOfIds(field: MergedField): Size | undefined {
    const ids = field.field.args.find((arg) => isList(arg.type));
    if (ids === undefined) return undefined;
    return (variables, isPrice) => {
      const values = readArgument(field, ids.name, variables);
      if (!Array.isArray(values)) return 1;
      return isPrice ? countDifferent(values) : values.length;
    };
  }

  function sizeOf(field: MergedField, listSizeArgs: DirectiveArguments): Size {
    const { slicingArguments, assumedSize } = listSizeArgs;
    const names: readonly unknown[] = Array.isArray(slicingArguments) ? slicingArguments : [];
    const assumed = typeof assumedSize === 'number' ? assumedSize : 1;
    return (variables) => {
      const sizes = names.map((name) => readArgument(field, String(name), variables));
      // The executor rejects anything that is not an Int.
      const given = sizes.filter((size) => typeof size === 'number' && size === (size | 0));
      return given.length === 0 ? assumed : Math.max(0, ...given.map(Number));
    };
  }
}

/**
 * Returns the additional cost of a field on an object that was looked up by id (`costIfLookedUp` in its
 * extensions), where a list would have had its value.
 */
function costIfLookedUp({ field: { extensions } }: MergedField, { isLookedUp }: Scope): number {
  const cost = extensions['costIfLookedUp'];
  return isLookedUp && typeof cost === 'number' ? cost : 0;
}

function weightOf({ field }: MergedField): number {
  const weight = directive(field, 'cost')?.['weight'];
  if (typeof weight === 'number') return weight;
  return isCompositeType(getNamedType(field.type)) ? 1 : 0;
}

function isList(type: GraphQLType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
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

function isFree({ weight, argumentWeight, below }: CostNode): boolean {
  return weight === 0 && argumentWeight === NO_WEIGHT && below.length === 0;
}
