import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import { memoize } from '../../runs/memoize.ts';

/** What the schema says of the price of a field: by `@cost` and `@listSize`, and by extensions, which routers don't see. */
export type FieldPricing = ReturnType<typeof pricingOf>;

type Source = Pick<GraphQLField<unknown, unknown> | GraphQLArgument, 'extensions'>;

/** Reads the pricing of a field, once for each field of the schema. */
export const pricingOf = memoize(({ type, args, extensions }: GraphQLField<unknown, unknown>) => {
  const listSize = directive({ extensions }, 'listSize');
  const perItem = objectOr(extensions['costPerItem']);
  const weight = numberOr(directive({ extensions }, 'cost')?.['weight'], undefined);
  const requestOutsideLists = numberOr(extensions['requestOutsideLists'], 0);
  const costIfLookedUp = numberOr(extensions['costIfLookedUp'], 0);
  return {
    isList: isList(type),
    /** Undefined for a field without a request of its own, which has the default weight of its type. */
    weight,
    /** A key of the request that this field shares with others of its object: only the first field pays for it. */
    sharesRequest: extensions['sharesRequest'],
    /** The price of a request that the field needs unless its object came with a list. */
    requestOutsideLists,
    costIfLookedUp,
    /** Whether the field costs nothing if its value is a leaf. */
    isFree: weight === undefined && args.length === 0 && requestOutsideLists === 0 && costIfLookedUp === 0,
    /** Whether rows came with their list: no field pays for their look-up. */
    comesWithList: extensions['comesWithList'] === true,
    isPricedPerId: extensions['isPricedPerId'] === true,
    /** An argument with a list, for a field that returns something for each item. */
    listArgument: args.find((argument) => isList(argument.type))?.name,
    listSize: listSize && {
      assumed: numberOr(listSize['assumedSize'], 1),
      slicingArguments: namesIn(listSize['slicingArguments']),
    },
    /** The names of the lists below the field whose lengths are set by the field's arguments. */
    sizedFields: namesIn(listSize?.['sizedFields']),
    argumentWeights: new Map(
      args.map((argument) => [argument.name, numberOr(directive(argument, 'cost')?.['weight'], 0)]),
    ),
    /** The weight of each item in an argument beyond the number that the weight of the field assumes. */
    costPerItem: perItem && {
      argument: String(perItem['argument']),
      weight: Number(perItem['weight']),
      assumed: Number(perItem['assumed']),
    },
  };
});

/** Returns the arguments of a directive as the schema builder stores them. */
function directive({ extensions: { directives } }: Source, name: string) {
  return objectOr(objectOr(directives)?.[name]);
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

function numberOr<Otherwise>(value: unknown, otherwise: Otherwise): number | Otherwise {
  return typeof value === 'number' ? value : otherwise;
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isList(type: GraphQLType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
