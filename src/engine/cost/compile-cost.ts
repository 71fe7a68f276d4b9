import { type GraphQLField, getNamedType, isCompositeType, isListType, isNonNullType } from 'graphql';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import { isPlainField } from '../rows/compile-row.ts';
import { areRowsBelow, costOutsideLists, isRow } from '../rows/row-fields.ts';
import type { IntrospectionSizes } from './introspection-sizes.ts';
import type { ReadArgument, Variables } from './read-argument.ts';

/** How long a list is: for its price, where none and too many count as the assumed size, and in truth. */
type Size = (variables: Variables, isPrice: boolean) => number;

/** A field that costs something by itself or by what is below it. */
export interface CostNode {
  /** Its path in the answer, without indices. */
  readonly path: string;
  readonly weight: number;
  /** What each of it is to make, besides its arguments. */
  readonly work: number;
  /** How many values the lists of its arguments have. */
  readonly listed: (variables: Variables) => number;
  /** How many there are of it in one parent, as routers reckon, and at most. */
  readonly size: Size;
  /** For each type that its value can be of. */
  readonly below: readonly CostFormula[];
}

/** What the fields of an object cost. */
export interface CostFormula {
  readonly nodes: readonly CostNode[];
  /** Of all those that cost nothing else. */
  readonly work: number;
}

/** Work of a value that the executor makes, of one that is copied, and of one of introspection. */
const EXECUTED = 10;
const COPIED = 1;
const INTROSPECTED = 2;

interface Place {
  readonly path: string;
  /** Whether a row stands here that came from a list. */
  readonly isListed: boolean;
  readonly isIntrospection: boolean;
  /** Whether the values here are copied as part of the row above. */
  readonly isCopied: boolean;
  /** Sizes of the lists that `@listSize` of the parent speaks of. */
  readonly sized: ReadonlyMap<string, Size>;
}

/**
 * Compiles the formula of an operation's cost.
 *
 * @param copiesRows whether what can be copied is; else the executor makes it like all the rest
 */
export function compileCost(
  root: MergedObject,
  readArgument: ReadArgument,
  introspection: IntrospectionSizes,
  copiesRows: boolean,
): CostFormula {
  const place = { path: '', isListed: false, isIntrospection: false, isCopied: false, sized: new Map() };
  return compileObject(root, place);

  function compileObject(object: MergedObject, at: Place): CostFormula {
    const nodes = object.fields.map((field) => compileField(object, field, at));
    return {
      nodes: nodes.filter((node) => !isFree(node)),
      work: nodes.filter(isFree).reduce((sum, { work }) => sum + work, 0),
    };
  }

  function compileField(parent: MergedObject, field: MergedField, at: Place): CostNode {
    const { name, key, objects } = field;
    const path = at.path === '' ? key : `${at.path}.${key}`;
    const isIntrospection = at.isIntrospection || name === '__schema' || name === '__type';
    const own = directive(field.field, 'listSize');
    const ownSize = own && sizeOf(field, own);
    const sizedFields = new Set(Array.isArray(own?.['sizedFields']) ? own['sizedFields'] : []);
    const isCopied =
      copiesRows && (at.isCopied || (isRow(parent) && isPlainField(parent, field, at.isListed)));
    const below: Place = {
      path,
      isIntrospection,
      isCopied,
      isListed: areRowsBelow(parent, field, at.isListed),
      sized: new Map(ownSize && [...sizedFields].map((sized) => [String(sized), ownSize])),
    };
    return {
      path,
      weight: isIntrospection ? 0 : weightOf(field) + costOutsideLists(field, at.isListed),
      work: isIntrospection ? INTROSPECTED : isCopied ? COPIED : EXECUTED,
      listed: (variables) => valuesInLists(field, variables),
      size: listSize(field, at, isIntrospection, sizedFields.size === 0 ? ownSize : undefined),
      below: objects.map((object) => compileObject(object, below)),
    };
  }

  function valuesInLists(field: MergedField, variables: Variables): number {
    let values = 0;
    for (const { name } of field.nodes[0].arguments ?? []) {
      const value = readArgument(field, name.value, variables);
      if (Array.isArray(value)) values += value.length;
    }
    return values;
  }

  function listSize(field: MergedField, at: Place, isIntrospection: boolean, own: Size | undefined): Size {
    const { type, args } = field.field;
    const isComposite = isCompositeType(getNamedType(type));
    if (!isListType(isNonNullType(type) ? type.ofType : type) || !isComposite) return () => 1;
    if (isIntrospection) {
      const size = introspection.get(field.name) ?? 1;
      return () => size;
    }
    const known = own ?? at.sized.get(field.name);
    if (known !== undefined) return known;
    // A list of what some ids name.
    const ids = args.find((arg) => isListType(isNonNullType(arg.type) ? arg.type.ofType : arg.type));
    return (variables) => {
      const values = ids && readArgument(field, ids.name, variables);
      return Array.isArray(values) ? values.length : 1;
    };
  }

  function sizeOf(field: MergedField, listSizeArgs: Arguments): Size {
    const { slicingArguments, assumedSize } = listSizeArgs;
    const names: readonly unknown[] = Array.isArray(slicingArguments) ? slicingArguments : [];
    const assumed = typeof assumedSize === 'number' ? assumedSize : 1;
    return (variables, isPrice) => {
      const sizes = names.map((name) => readArgument(field, String(name), variables));
      // What is no Int, the executor refuses.
      const given = sizes.filter((size) => typeof size === 'number' && size === (size | 0));
      const size = Math.max(0, ...given.map(Number));
      return given.length === 0 || (isPrice && size === 0) ? assumed : size;
    };
  }
}

type Arguments = Readonly<Record<string, unknown>>;

/** The arguments of a directive as the schema builder keeps them. */
function directive({ extensions }: GraphQLField<unknown, unknown>, name: string): Arguments | undefined {
  const { directives } = extensions;
  if (!Array.isArray(directives)) return undefined;
  const found: unknown = directives.find((each: { name?: unknown }) => each.name === name);
  return isObject(found) && isObject(found['args']) ? found['args'] : undefined;
}

function isObject(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null;
}

function weightOf({ field }: MergedField): number {
  const weight = directive(field, 'cost')?.['weight'];
  if (typeof weight === 'number') return weight;
  return isCompositeType(getNamedType(field.type)) ? 1 : 0;
}

function isFree({ weight, below }: CostNode): boolean {
  return weight === 0 && below.length === 0;
}
