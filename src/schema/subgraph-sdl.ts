import {
  filterSchema,
  getDocumentNodeFromSchema,
  makeDirectiveNode,
  pruneSchema,
} from '@graphql-tools/utils';
import {
  astFromValue,
  type ConstDirectiveNode,
  type DirectiveNode,
  type GraphQLSchema,
  isConstValueNode,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  print,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import { NODES } from './node.ts';

/** The first version of the federation specification with `@cost` and `@listSize`. */
const SPECIFICATION = 'https://specs.apollo.dev/federation/v2.9';
const IMPORTS = ['@key', '@shareable', '@cost', '@listSize'];

/** The root fields that only routers query. Neither the SDL for clients nor the SDL for routers has these fields. */
export const ROUTER_FIELDS: readonly string[] = ['_entities', '_service'];
/** Root fields that other subgraphs may define too: a router couldn't choose a subgraph. */
const UNSHAREABLE_ROOT_FIELDS: readonly string[] = ['node', 'nodes', 'rateLimit'];
const ROOTS: readonly string[] = ['Query', 'Mutation', 'Subscription'];

/** Returns a schema without some fields of its root types, and without the types that only these fields use. */
export function withoutRootFields(schema: GraphQLSchema, names: readonly string[]): GraphQLSchema {
  return pruneSchema(filterSchema({ schema, rootFieldFilter: (_operation, name) => !names.includes(name) }));
}

/**
 * Prints a schema as the SDL of a subgraph. Its objects are entities, or values that any subgraph may return.
 *
 * @param tag given to the fields of the root types, and to all other types
 */
export function printSubgraph(schema: GraphQLSchema, tag?: string): string {
  const tags = tag === undefined ? [] : [makeDirectiveNode<ConstDirectiveNode>('tag', { name: tag })];
  const printed = withoutRootFields(schema, [...ROUTER_FIELDS, ...UNSHAREABLE_ROOT_FIELDS]);
  const { definitions } = visit(getDocumentNodeFromSchema(printed), { Directive: withoutAssumedSize });
  const types = definitions
    .filter(isTypeDefinitionNode)
    .map((type) => withDirectives(withDefaults(type, printed), tags));
  const imports = [...IMPORTS, ...(tag === undefined ? [] : ['@tag'])].map((name) => `"${name}"`).join(', ');
  const link = `extend schema\n  @link(url: "${SPECIFICATION}", import: [${imports}])\n\n`;
  return `${link}${print({ kind: Kind.DOCUMENT, definitions: types })}\n`;
}

/** Adds the default values of arguments, which @graphql-tools/utils leaves out where graphql-js is 17. */
function withDefaults(node: TypeDefinitionNode, schema: GraphQLSchema): TypeDefinitionNode {
  const type = schema.getType(node.name.value);
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION || !isObjectType(type)) return node;
  const ofType = type.getFields();
  const fields = node.fields?.map((field) => {
    const defined = new Map(ofType[field.name.value]?.args.map((argument) => [argument.name, argument]));
    const args = field.arguments?.map((argument) => {
      const of = defined.get(argument.name.value);
      const defaultValue = of && astFromValue(of.defaultValue, of.type);
      return defaultValue && isConstValueNode(defaultValue) ? { ...argument, defaultValue } : argument;
    });
    return { ...field, arguments: args ?? [] };
  });
  return { ...node, fields: fields ?? [] };
}

function withDirectives(type: TypeDefinitionNode, tags: readonly ConstDirectiveNode[]): TypeDefinitionNode {
  // Without `@specifiedBy` of scalars: other subgraphs may specify them elsewhere.
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) return { ...type, directives: tags };
  const { name, fields = [] } = type;
  if (ROOTS.includes(name.value)) {
    const tagged = fields.map((field) => ({ ...field, directives: [...(field.directives ?? []), ...tags] }));
    return { ...type, fields: tagged };
  }
  // Other subgraphs refer to nodes by their ids.
  const [directive, args] = Object.hasOwn(NODES, name.value) ? ['key', { fields: 'id' }] : ['shareable', {}];
  return { ...type, directives: [makeDirectiveNode(directive, args), ...tags] };
}

/** Removes `assumedSize` beside `slicingArguments`: some routers prefer it to the arguments. */
function withoutAssumedSize(directive: DirectiveNode): DirectiveNode | undefined {
  const { arguments: args = [] } = directive;
  if (!args.some(({ name }) => name.value === 'slicingArguments')) return undefined;
  return { ...directive, arguments: args.filter(({ name }) => name.value !== 'assumedSize') };
}
