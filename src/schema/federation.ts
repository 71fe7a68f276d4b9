import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isObjectType,
} from 'graphql';
import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import type { Context } from '../loaders/context.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';
import { fromQuery } from './natural-order.ts';
import { findRun, findStep, type Node, referToAgent, typeOfNode } from './node.ts';
import { printSubgraph } from './subgraph-sdl.ts';
import { type SchemaOptions, variantOf } from './variants.ts';

/** What other subgraphs may refer to by its id, and how it is found; null for an id of something else. */
const ENTITIES: Readonly<
  Record<string, (id: unknown, context: Context) => Node | null | Promise<Node | null>>
> = { Run: findRun, Agent: referToAgent, RunStep: findStep };

/** High, because the SDL is large, and routers fetch it only once. */
const SDL_COST = { directives: [{ name: 'cost', args: { weight: 100 } }] };
/** Each entity may need a look-up. */
const ENTITY_COST = { directives: [{ name: 'cost', args: LOOK_UP_DIRECTIVES.cost }] };

const DESCRIPTION =
  'Runs of AI agents, as the Letta runs API has them. Begin with `runs`, a list with filters that is paged in both directions, or `run` for one by its id; `steps` and `messages` say what happened in it. `runStats` has numbers about many, `agents` who ran, `runEvents` changes as they happen.';

/** Returns the schema without the fields for routers, in the order of its definitions. */
export function clientSchema(options: SchemaOptions = {}): GraphQLSchema {
  const config = builder.toSchema({ sortSchema: false }).toConfig();
  return variantOf(fromQuery(new GraphQLSchema({ ...config, description: DESCRIPTION })), options);
}

/** Returns the SDL that routers compose. @param options what is left out of it */
export function subgraphSdl(options?: SchemaOptions, tag?: string): string {
  return sdlOf(clientSchema(options), tag);
}

function sdlOf(clients: GraphQLSchema, tag?: string): string {
  // A supergraph has a description of its own.
  const undescribed = new GraphQLSchema({ ...clients.toConfig(), description: null });
  return printSubgraph(undescribed, Object.keys(ENTITIES), tag);
}

/** Returns the schema with `_service` and `_entities`, for clients and routers alike. @param options what is left out */
export function servedSchema(options?: SchemaOptions): GraphQLSchema {
  const clients = clientSchema(options);
  const { query, types, ...config } = clients.toConfig();
  if (query == null) throw new Error('The schema has no queries');
  const { fields, ...queryConfig } = query.toConfig();
  const served = new GraphQLObjectType({
    ...queryConfig,
    fields: { ...fields, _entities: entitiesField(clients), _service: serviceField(clients) },
  });
  return fromQuery(
    new GraphQLSchema({
      ...config,
      query: served,
      types: types.map((type) => (type === query ? served : type)),
    }),
  );
}

function entitiesField(schema: GraphQLSchema) {
  const entity = new GraphQLUnionType({
    name: '_Entity',
    description: 'The types that a federation router can resolve by their keys.',
    types: Object.keys(ENTITIES)
      .map((name) => schema.getType(name))
      .filter(isObjectType),
    resolveType: typeOfNode,
  });
  const any = new GraphQLScalarType({
    name: '_Any',
    description: 'A reference to an entity: an object with `__typename` and the fields of the key.',
  });
  return {
    type: new GraphQLNonNull(new GraphQLList(entity)),
    description: 'For federation routers: what the representations refer to.',
    args: {
      representations: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(any))),
        description: 'References to entities, each with `__typename` and the fields of its key.',
      },
    },
    extensions: ENTITY_COST,
    resolve: (_root: unknown, args: Readonly<Record<string, unknown>>, context: Context) => {
      const { representations } = args;
      return Array.isArray(representations)
        ? representations.map((each) => resolveEntity(each, context))
        : [];
    },
  };
}

function serviceField(clients: GraphQLSchema) {
  let sdl: string | undefined;
  const service = new GraphQLObjectType({
    name: '_Service',
    description: 'A federation subgraph.',
    fields: {
      sdl: {
        type: GraphQLString,
        description: 'The schema of the subgraph in the schema definition language.',
        extensions: SDL_COST,
      },
    },
  });
  return {
    type: new GraphQLNonNull(service),
    description: 'For federation routers: describes this service as a subgraph.',
    extensions: SDL_COST,
    resolve: () => ({ sdl: (sdl ??= sdlOf(clients)) }),
  };
}

/** Returns an error in the place of an entity of another subgraph, and leaves the others. */
function resolveEntity(representation: object, context: Context) {
  const { __typename: name, id } = { __typename: undefined, id: undefined, ...representation };
  const find = typeof name === 'string' && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  if (find !== undefined) return find(id, context);
  const known = Object.keys(ENTITIES).join(', ');
  return new ArgumentError(
    'representations',
    `representations: expected each __typename to be one of ${known}, but got ${quote(name)}`,
  );
}
