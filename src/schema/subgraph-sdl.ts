import { makeDirectiveNode } from '@graphql-tools/utils';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  printSchema,
} from 'graphql';

/** The first version of the federation specification with `@cost` and `@listSize`. */
const SPECIFICATION = 'https://specs.apollo.dev/federation/v2.9';
const IMPORTS = ['@key', '@shareable', '@cost', '@listSize'];

/** Every subgraph may define these, and a router could not tell which one to query. */
const OF_EACH_SUBGRAPH: ReadonlySet<string> = new Set(['node', 'nodes', 'rateLimit']);
/** The types that only these have. */
const THEIR_TYPES: ReadonlySet<string> = new Set(['RateLimit']);

interface Directive {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Prints a schema as the SDL of a subgraph. Its objects are entities, or values that any subgraph may return.
 *
 * @param entities the names of the types that have a key
 * @param tag given to the fields of the root types, and to all other types
 */
export function printSubgraph(schema: GraphQLSchema, entities: readonly string[], tag?: string): string {
  const tags = tag === undefined ? [] : [nodeOf({ name: 'tag', args: { name: tag } })];
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const sized = sizedFields(schema);
  const withDirectives = (node: DefinitionNode): DefinitionNode => {
    if (!isTypeDefinitionNode(node)) return node;
    const type = schema.getType(node.name.value);
    const isWithFields =
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
    // Without `@specifiedBy` of scalars: other subgraphs may specify them elsewhere.
    if (!isWithFields || !(isObjectType(type) || isInterfaceType(type))) return { ...node, directives: tags };
    const isRoot = roots.some((root) => root === type);
    const own = isObjectType(type) && !isRoot ? ofObject(type, entities) : [];
    const fields = node.fields?.flatMap((field) => {
      const definition = type.getFields()[field.name.value];
      if (definition === undefined) return [];
      if (type === roots[0] && OF_EACH_SUBGRAPH.has(definition.name)) return [];
      const printed = ofField(field, definition, sized.has(`${type.name}.${definition.name}`));
      return isRoot ? { ...printed, directives: [...(printed.directives ?? []), ...tags] } : printed;
    });
    const directives = [...own.map(nodeOf), ...(isRoot ? [] : tags)];
    return { ...node, directives, ...(fields && { fields }) };
  };
  const document = parse(printSchema(schema), { noLocation: true });
  const definitions = document.definitions.filter(
    (node) => !isTypeDefinitionNode(node) || !THEIR_TYPES.has(node.name.value),
  );
  const imports = [...IMPORTS, ...(tag === undefined ? [] : ['@tag'])].map((name) => `"${name}"`).join(', ');
  const link = `extend schema\n  @link(url: "${SPECIFICATION}", import: [${imports}])\n\n`;
  return `${link}${print({ ...document, definitions: definitions.map(withDirectives) })}\n`;
}

function ofObject({ name }: GraphQLObjectType, entities: readonly string[]): readonly Directive[] {
  return entities.includes(name)
    ? [{ name: 'key', args: { fields: 'id' } }]
    : [{ name: 'shareable', args: {} }];
}

/** @param isSized whether another field tells its length */
function ofField(
  node: FieldDefinitionNode,
  field: GraphQLField<unknown, unknown>,
  isSized: boolean,
): FieldDefinitionNode {
  const own = directivesOf(field).map((each) => (each.name === 'listSize' ? printedSize(each) : each));
  const isUnsized = isListType(getNullableType(field.type)) && !own.some(({ name }) => name === 'listSize');
  const all = isUnsized && !isSized ? [...own, ONE_ITEM] : own;
  return {
    ...node,
    directives: [...(node.directives ?? []), ...all.map(nodeOf)],
    arguments: (node.arguments ?? []).map((argument) => {
      const definition = field.args.find(({ name }) => name === argument.name.value);
      const ofArgument = definition === undefined ? [] : directivesOf(definition);
      return { ...argument, directives: [...(argument.directives ?? []), ...ofArgument.map(nodeOf)] };
    }),
  };
}

/** What the engine assumes of a list without a size; routers assume ten, or whatever they are told. */
const ONE_ITEM: Directive = { name: 'listSize', args: { assumedSize: 1 } };

/**
 * Not both: of a list with arguments for its size, some routers take the assumed size for its size whatever the
 * arguments say. Without it, all take the arguments, and a size that they are configured with if there are none.
 */
function printedSize({ name, args: { assumedSize, ...args } }: Directive): Directive {
  return { name, args: 'slicingArguments' in args ? args : { assumedSize, ...args } };
}

/** The fields, such as `RunConnection.nodes`, whose length the field above them tells. */
function sizedFields(schema: GraphQLSchema): ReadonlySet<string> {
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  return new Set(
    objects
      .flatMap((object) => Object.values(object.getFields()))
      .flatMap((field) => {
        const names = directivesOf(field).find(({ name }) => name === 'listSize')?.args['sizedFields'];
        const type = String(field.type).replaceAll(/[[\]!]/g, '');
        return Array.isArray(names) ? names.map((name) => `${type}.${name}`) : [];
      }),
  );
}

/** The directives that Pothos keeps of a field or argument, but those that graphql-js prints. */
function directivesOf({
  extensions,
}: Pick<GraphQLField<unknown, unknown>, 'extensions'>): readonly Directive[] {
  const { directives } = extensions;
  const all: readonly Directive[] = Array.isArray(directives) ? directives : [];
  return all.filter(({ name }) => name !== 'deprecated');
}

function nodeOf({ name, args }: Directive): ConstDirectiveNode {
  return makeDirectiveNode<ConstDirectiveNode>(name, args);
}
