import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isUnionType,
  OperationTypeNode,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;
type TypeWithFields = GraphQLObjectType | GraphQLInterfaceType;

/**
 * Writes an operation for each field of the roots that selects, together with the others, every field of every
 * type with every argument: each type in full where it comes first, and only with its leaves after that. Of
 * interfaces and unions there are fragments on all types and interfaces that their values may have.
 *
 * @param sdl a schema
 * @returns the operations, by name
 */
export function wholeDocument(sdl: string): ReadonlyMap<string, string> {
  const schema = buildSchema(sdl);
  const full = new Set<GraphQLNamedType>();
  let variables = new Map<string, string>();

  /** @param conflicts fields that need a name of their own in the answer */
  const write = (
    { name, type, args }: Field,
    parent: string,
    conflicts: ReadonlySet<string> = new Set(),
  ): string => {
    const long = `${parent}${capitalized(name)}`;
    const passed = args.map((argument) => {
      const variable = `${long}${capitalized(argument.name)}`;
      variables.set(variable, String(argument.type));
      return `${argument.name}: $${variable}`;
    });
    const given = passed.length > 0 ? `(${passed.join(', ')})` : '';
    return `${conflicts.has(name) ? `${long}: ` : ''}${name}${given} ${selectionOf(getNamedType(type))}`;
  };

  const selectionOf = (type: GraphQLNamedType): string => {
    if (isLeafType(type)) return '';
    const isFirst = !full.has(type);
    full.add(type);
    const own = isUnionType(type) || !isCompositeType(type) ? [] : fieldsOf(type);
    const wanted = own.filter((field) => isFirst || isLeafType(getNamedType(field.type)));
    const parts = wanted.map((field) => write(field, decapitalized(type.name)));
    const fragments = isFirst && isAbstractType(type) ? overlapping(schema.getPossibleTypes(type), type) : [];
    const conflicts = conflictsOf(fragments);
    for (const one of fragments) {
      // genqlient takes no field twice: those of an interface are selected there.
      const interfaces = fragments.filter(
        (other) => isInterfaceType(other) && one.getInterfaces().includes(other),
      );
      const taken = new Set([...own, ...interfaces.flatMap(fieldsOf)].map(({ name }) => name));
      const fields = fieldsOf(one)
        .filter(({ name }) => !taken.has(name))
        .map((field) => write(field, decapitalized(one.name), conflicts));
      parts.push(`... on ${one.name} { __typename ${fields.join(' ')} }`);
    }
    return `{ __typename ${parts.join(' ')} }`;
  };

  const operationOf = (kind: string, field: Field): readonly [name: string, text: string] => {
    variables = new Map();
    const selection = write(field, kind);
    const defined = [...variables].map(([name, type]) => `$${name}: ${type}`).join(', ');
    const name = `Whole${capitalized(field.name)}${capitalized(kind)}`;
    return [name, `${kind} ${name}${defined && `(${defined})`} { ${selection} }`];
  };

  return new Map(
    KINDS.flatMap((kind) => {
      const root = schema.getRootType(kind);
      return root == null ? [] : fieldsOf(root).map((field) => operationOf(kind, field));
    }),
  );
}

const KINDS = Object.values(OperationTypeNode);

/** The types that a value of an abstract type may have, behind the other interfaces of those. */
function overlapping(types: readonly GraphQLObjectType[], type: GraphQLNamedType): readonly TypeWithFields[] {
  const interfaces = types.flatMap((one) => one.getInterfaces()).filter((one) => one !== type);
  return [...new Set([...interfaces, ...types])];
}

/** The fields whose types differ from one type to another, so that no answer can have both under one name. */
function conflictsOf(types: readonly TypeWithFields[]): ReadonlySet<string> {
  const byName = Map.groupBy(types.flatMap(fieldsOf), ({ name }) => name);
  const differing = [...byName].filter(([, same]) => new Set(same.map(({ type }) => String(type))).size > 1);
  return new Set(differing.map(([name]) => name));
}

function fieldsOf(type: TypeWithFields): readonly Field[] {
  return Object.values(type.getFields());
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function decapitalized(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
