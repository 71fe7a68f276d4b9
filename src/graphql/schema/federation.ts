import { printSubgraphSchema } from '@apollo/subgraph';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { type GraphQLField, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { quote } from '../../pagination/errors.ts';
import { RunArgumentError } from '../../runs/errors.ts';
import { AgentRef } from './agent.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';
import { fromQuery, inOrderOf } from './natural-order.ts';
import { findAgent, findRun, MAX_IDS } from './node.ts';
import { RunRef } from './run.ts';

/** The release of the federation specification that has `@cost` and `@listSize`. */
const LINK_URL = 'https://specs.apollo.dev/federation/v2.9';
const IMPORTS = ['@key', '@shareable', '@cost', '@listSize'];

builder.asEntity(RunRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => findRun(id, context),
});

builder.asEntity(AgentRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }) => findAgent(id),
});

/** The schema without what is for routers, in the order in which its types are written. */
export function clientSchema(): GraphQLSchema {
  return fromQuery(builder.toSchema({ sortSchema: false }));
}

/** A router asks for it once. */
const SDL_WEIGHT = 100;

/**
 * The schema with `_service` and `_entities`, for clients and routers alike, and the SDL that
 * routers compose. `node` and `nodes` are for clients only: every subgraph has its own, and a router
 * could not know whom to ask.
 */
export function buildSubgraph(): { readonly schema: GraphQLSchema; readonly sdl: string } {
  // The plug-in sorts everything by name.
  const sorted = builder.toSubGraphSchema({ linkUrl: LINK_URL, federationDirectives: IMPORTS });
  const schema = inOrderOf(sorted, clientSchema());
  const composed = mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (_field, name) => (name === 'node' || name === 'nodes' ? null : undefined),
  });
  const sdl = `${printSubgraphSchema(fromQuery(composed))}\n`;
  const { _service: service, _entities: entities } = schema.getQueryType()?.getFields() ?? {};
  const resolveEntities = entities?.resolve;
  if (service === undefined || entities === undefined || resolveEntities === undefined) {
    throw new Error('The schema is no subgraph');
  }
  service.resolve = () => ({ sdl });
  describe(schema);
  // Of these, a router's own reckoning knows nothing: each entity may be a look-up, and the SDL is large.
  addCost(entities, LOOK_UP_DIRECTIVES.cost.weight);
  addCost(service, SDL_WEIGHT);
  const text = getNamedType(service.type);
  if (isObjectType(text)) for (const field of Object.values(text.getFields())) addCost(field, SDL_WEIGHT);
  entities.resolve = (root, args, context, info) => {
    refuseUnknownTypes(args['representations']);
    return resolveEntities(root, args, context, info);
  };
  return { schema, sdl };
}

/** What the federation specification adds comes without a word. */
const DESCRIPTIONS = {
  _entities: 'For federation routers: the runs and agents that these representations refer to.',
  _service: 'For federation routers: this service as a subgraph.',
  _Service: 'A subgraph, as a federation router asks for it.',
  sdl: 'The schema of the subgraph, in the schema definition language.',
  _Entity: 'What a federation router can ask for by its key.',
  _Any: 'A reference to an entity: an object with its `__typename` and the fields of its key.',
  representations: 'References to entities, each with its `__typename` and its key.',
} as const;

function describe(schema: GraphQLSchema): void {
  const { _entities: entities, _service: service } = schema.getQueryType()?.getFields() ?? {};
  const serviceType = schema.getType('_Service');
  const described = [
    entities,
    service,
    entities?.args[0],
    serviceType,
    isObjectType(serviceType) ? serviceType.getFields()['sdl'] : undefined,
    schema.getType('_Entity'),
    schema.getType('_Any'),
  ];
  const texts: Readonly<Record<string, string>> = DESCRIPTIONS;
  for (const item of described) if (item !== undefined) item.description = texts[item.name];
}

function addCost(field: GraphQLField<unknown, unknown>, weight: number): void {
  field.extensions = { ...field.extensions, directives: [{ name: 'cost', args: { weight } }] };
}

/** @throws RunArgumentError for entities of other subgraphs, and for too many at once */
function refuseUnknownTypes(representations: readonly unknown[]): void {
  if (representations.length > MAX_IDS) {
    throw new RunArgumentError(
      'representations',
      `representations: expected at most ${MAX_IDS} entities, but got ${representations.length}`,
    );
  }
  for (const representation of representations) {
    const name =
      typeof representation === 'object' && representation !== null && '__typename' in representation
        ? representation.__typename
        : undefined;
    if (name === 'Run' || name === 'Agent') continue;
    throw new RunArgumentError(
      'representations',
      `representations: expected each __typename to be Run or Agent, but got ${quote(name)}`,
    );
  }
}
