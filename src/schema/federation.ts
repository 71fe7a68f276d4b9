import type { GraphQLSchema } from 'graphql';
import { quote } from '../lists/list-errors.ts';
import type { Context } from '../loaders/context.ts';
import { refuse } from '../runs/argument-types.ts';
import { memoize } from '../runs/memoize.ts';
import { builder, LOOKED_UP } from './builder.ts';
import { type Node, NODES, typeOfNode } from './node.ts';
import { printSubgraph } from './subgraph-sdl.ts';

/** High, because the SDL is large, and routers fetch it only once. */
const SDL_DIRECTIVES = { cost: { weight: 100 } };

const EntityRef = builder.unionType('_Entity', {
  description: 'The types that a federation router can resolve by their keys.',
  types: Object.values(NODES).map(({ ref }) => ref),
  resolveType: (node) => typeOfNode(node).ref,
});

builder.scalarType('_Any', {
  description: 'A reference to an entity: an object with `__typename` and the fields of the key.',
});

const ServiceRef = builder.objectRef<{ readonly sdl: string }>('_Service').implement({
  description: 'A federation subgraph.',
  fields: (t) => ({
    sdl: t.exposeString('sdl', {
      nullable: true,
      description: 'The schema of the subgraph in the schema definition language.',
      directives: SDL_DIRECTIVES,
    }),
  }),
});

const serviceOf = memoize((schema: GraphQLSchema) => ({ sdl: printSubgraph(schema) }));

builder.queryFields((t) => ({
  _entities: t.field({
    type: [EntityRef],
    nullable: { list: false, items: true },
    description: 'For federation routers: what the representations refer to.',
    args: {
      representations: t.arg({
        type: ['_Any'],
        required: true,
        description: 'References to entities, each with `__typename` and the fields of its key.',
      }),
    },
    directives: LOOKED_UP.directives,
    resolve: (_root, { representations }, context) =>
      representations.map((each) => resolveEntity(each, context)),
  }),
  _service: t.field({
    type: ServiceRef,
    description: 'For federation routers: describes this service as a subgraph.',
    directives: SDL_DIRECTIVES,
    resolve: (_root, _args, _context, { schema }) => serviceOf(schema),
  }),
}));

/** Finds one entity; a failure leaves the other entities. @throws ArgumentError for a type of another subgraph */
async function resolveEntity(representation: unknown, context: Context): Promise<Node | null> {
  const { __typename: name, id } = { __typename: undefined, id: undefined, ...Object(representation) };
  // An agent is known from another subgraph, and takes no look-up.
  if (name === 'Agent') return NODES.Agent.isId(id) ? { id } : null;
  for (const [type, { find }] of Object.entries(NODES)) if (name === type) return find(id, context);
  return refuse(
    'representations',
    `expected each __typename to be one of ${Object.keys(NODES).join(', ')}, but got ${quote(name)}`,
  );
}
