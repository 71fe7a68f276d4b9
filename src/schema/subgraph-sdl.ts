import {
  filterSchema,
  getDocumentNodeFromSchema,
  makeDirectiveNode,
  pruneSchema,
} from '@graphql-tools/utils';
import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  print,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import type { NodeType } from './node.ts';

/** The first version of the federation specification with `@cost` and `@listSize`. */
const SPECIFICATION = 'https://specs.apollo.dev/federation/v2.9';
const IMPORTS = ['@key', '@shareable', '@cost', '@listSize'];

/** The types with a key, `id`, by which other subgraphs refer to them. */
const ENTITIES: readonly string[] = ['Run', 'Agent', 'RunStep'] satisfies NodeType[];

/** What a subgraph must have as it is served, and neither clients nor routers read in its SDL. */
export const ROUTER_FIELDS: readonly string[] = ['_entities', '_service'];
/** Every subgraph may define these, and a router could not tell which one to query. */
const OF_EACH_SUBGRAPH: readonly string[] = ['node', 'nodes', 'rateLimit'];
const ROOTS: readonly string[] = ['Query', 'Mutation', 'Subscription'];

/** Returns a schema without some fields of its root types, and without the types that only they have. */
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
  const printed = withoutRootFields(schema, [...ROUTER_FIELDS, ...OF_EACH_SUBGRAPH]);
  const { definitions } = getDocumentNodeFromSchema(printed);
  const types = definitions.filter(isTypeDefinitionNode).map((type) => typeOf(type, tags));
  const imports = [...IMPORTS, ...(tag === undefined ? [] : ['@tag'])].map((name) => `"${name}"`).join(', ');
  const link = `extend schema\n  @link(url: "${SPECIFICATION}", import: [${imports}])\n\n`;
  return `${link}${print(visit({ kind: Kind.DOCUMENT, definitions: types }, { Directive: withOneSize }))}\n`;
}

function typeOf(type: TypeDefinitionNode, tags: readonly ConstDirectiveNode[]): TypeDefinitionNode {
  // Without `@specifiedBy` of scalars: other subgraphs may specify them elsewhere.
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) return { ...type, directives: tags };
  if (!ROOTS.includes(type.name.value)) return { ...type, directives: [ofObject(type), ...tags] };
  const fields = type.fields?.map((field) => ({
    ...field,
    directives: [...(field.directives ?? []), ...tags],
  }));
  return { ...type, ...(fields && { fields }) };
}

function ofObject({ name: { value } }: ObjectTypeDefinitionNode): ConstDirectiveNode {
  return ENTITIES.includes(value)
    ? makeDirectiveNode('key', { fields: 'id' })
    : makeDirectiveNode('shareable', {});
}

/**
 * Not both: of a list with arguments for its size, some routers take the assumed size for its size whatever the
 * arguments say. Without it, all take the arguments, and a size that they are configured with if there are none.
 */
function withOneSize(directive: DirectiveNode): DirectiveNode | undefined {
  const { arguments: args = [] } = directive;
  if (!args.some(({ name }) => name.value === 'slicingArguments')) return undefined;
  return { ...directive, arguments: args.filter(({ name }) => name.value !== 'assumedSize') };
}
