import {
  type ConstDirectiveNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  parse,
  valueFromASTUntyped,
} from 'graphql';

interface Rules {
  /** Whether a field with `@cost` costs one more for each object that it returns, as in Hive Gateway. */
  readonly addsTypes: boolean;
}

/** Prices a query as routers do: by the SDL alone, with what its arguments say in the text. */
export function staticPrice(query: string, schema: GraphQLSchema, { addsTypes }: Rules): number {
  const priceOf = (
    selections: readonly FieldNode[],
    typeName: string,
    sizes: ReadonlyMap<string, number>,
  ): number => {
    const type = schema.getType(typeName);
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    return selections.reduce((sum, node) => {
      const field = fields[node.name.value];
      return field === undefined ? sum : sum + priceOfField(node, field, sizes.get(field.name));
    }, 0);
  };

  const priceOfField = (
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    above: number | undefined,
  ): number => {
    const named = getNamedType(field.type);
    const weight = argumentOf(field.astNode?.directives, 'cost', 'weight');
    const ofType = isCompositeType(named) ? 1 : 0;
    const own = typeof weight === 'number' ? weight + (addsTypes ? ofType : 0) : ofType;
    const size = sizeOf(node, field);
    const sized = argumentOf(field.astNode?.directives, 'listSize', 'sizedFields');
    const below = Array.isArray(sized) ? sized.map((name) => [String(name), size ?? 0] as const) : [];
    const children = (node.selectionSet?.selections ?? []).filter((each) => each.kind === Kind.FIELD);
    const times = isListType(getNullableType(field.type)) ? (size ?? above ?? UNKNOWN_SIZE) : 1;
    return weightOfArguments(node, field) + times * (own + priceOf(children, named.name, new Map(below)));
  };

  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation');
  const roots = operation.selectionSet.selections.filter((each) => each.kind === Kind.FIELD);
  return priceOf(roots, 'Query', new Map());
}

/** What routers take for the size of a list of which nothing is said: high, so that it shows. */
const UNKNOWN_SIZE = 1_000_000;

function sizeOf(node: FieldNode, { astNode }: GraphQLField<unknown, unknown>): number | undefined {
  const names = argumentOf(astNode?.directives, 'listSize', 'slicingArguments');
  const given = node.arguments
    ?.filter(({ name }) => Array.isArray(names) && names.includes(name.value))
    .map(({ value }) => Number(valueFromASTUntyped(value)));
  if (given?.length) return Math.max(...given);
  const assumed = argumentOf(astNode?.directives, 'listSize', 'assumedSize');
  return typeof assumed === 'number' ? assumed : undefined;
}

function weightOfArguments(node: FieldNode, { args }: GraphQLField<unknown, unknown>): number {
  const given = new Set(node.arguments?.map(({ name }) => name.value));
  return args
    .filter(({ name }) => given.has(name))
    .reduce((sum, { astNode }) => sum + Number(argumentOf(astNode?.directives, 'cost', 'weight') ?? 0), 0);
}

function argumentOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
  argument: string,
): unknown {
  const found = directives?.find((each) => each.name.value === name);
  const value = found?.arguments?.find((each) => each.name.value === argument)?.value;
  return value && valueFromASTUntyped(value);
}
