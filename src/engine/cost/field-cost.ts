import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isObject } from '../../json/parse-json.ts';

/** What the schema says of the cost of a field: by `@cost`, `@listSize` and its extensions. */
export interface FieldCost {
  readonly weight: number;
  /** Whether its value is looked up, at its own cost. */
  readonly isLookedUp: boolean;
  /** The weights of its arguments that are not free. */
  readonly argumentWeights: readonly (readonly [name: string, weight: number])[];
  /** What it pays for each of a number of items, in place of the number that its weight assumes. */
  readonly perItem:
    | { readonly argument: string; readonly weight: number; readonly assumed: number }
    | undefined;
  readonly listSize: ListSize | undefined;
  /** Its list argument, such as ids to look up. */
  readonly idsArgument: string | undefined;
  readonly isListOfObjects: boolean;
  /** Whether its value is of a type of introspection. */
  readonly isIntrospection: boolean;
  /** Whether it costs so much for each id. */
  readonly isPricedPerId: boolean;
  /** What it costs in addition on a row that did not come from a list, where it needs its own request. */
  readonly outsideLists: number;
  /** What it costs in addition on an object that was looked up by id, where a list would have had its value. */
  readonly ifLookedUp: number;
  /** Whether its value comes with the list that its object came from. */
  readonly comesWithList: boolean;
  /** Of the fields of an object with the same request, the first one that costs pays for it. */
  readonly sharesRequest: unknown;
}

export interface ListSize {
  readonly assumed: number;
  readonly slicingArguments: readonly string[];
  /** The lists below the field that have this size, if not the field itself. */
  readonly sizedFields: readonly string[];
}

const known = new WeakMap<GraphQLField<unknown, unknown>, FieldCost>();

export function costOfField(field: GraphQLField<unknown, unknown>): FieldCost {
  const cost = known.get(field) ?? readCost(field);
  known.set(field, cost);
  return cost;
}

function readCost(field: GraphQLField<unknown, unknown>): FieldCost {
  const { type, args, extensions } = field;
  const cost = directive(field, 'cost');
  const listSize = directive(field, 'listSize');
  const named = getNamedType(type);
  const isComposite = isCompositeType(named);
  const isIntrospection = named.name.startsWith('__');
  const per = extensions['costPerItem'];
  return {
    weight: numberOr(cost?.['weight'], isComposite && !isIntrospection ? 1 : 0),
    isLookedUp: cost !== undefined,
    argumentWeights: args.flatMap((argument) => {
      const weight = directive(argument, 'cost')?.['weight'];
      return typeof weight === 'number' ? [[argument.name, weight] as const] : [];
    }),
    perItem: isObject(per)
      ? {
          argument: String(per['argument']),
          weight: Number(per['weight']),
          assumed: Number(per['assumed']),
        }
      : undefined,
    listSize: listSize && {
      assumed: numberOr(listSize['assumedSize'], 1),
      slicingArguments: textsOf(listSize['slicingArguments']),
      sizedFields: textsOf(listSize['sizedFields']),
    },
    idsArgument: args.find((argument) => isList(argument.type))?.name,
    isListOfObjects: isList(type) && isComposite,
    isIntrospection,
    isPricedPerId: extensions['isPricedPerId'] === true,
    outsideLists: numberOr(extensions['costOutsideLists'], 0),
    ifLookedUp: numberOr(extensions['costIfLookedUp'], 0),
    comesWithList: extensions['comesWithList'] === true,
    sharesRequest: extensions['sharesRequest'],
  };
}

/** Returns the arguments of a directive as the schema builder stores them. */
function directive(
  { extensions }: Pick<GraphQLField<unknown, unknown> | GraphQLArgument, 'extensions'>,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const { directives } = extensions;
  if (!Array.isArray(directives)) return undefined;
  const found: unknown = directives.find((each: { name?: unknown }) => each.name === name);
  return isObject(found) && isObject(found['args']) ? found['args'] : undefined;
}

function isList(type: GraphQLType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
