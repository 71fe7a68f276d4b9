import { printSubgraphSchema } from '@apollo/subgraph';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { type GraphQLField, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { ArgumentError } from '../errors/gateway-error.ts';
import { quote } from '../lists/errors.ts';
import { AgentRef } from './agent.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';
import { fromQuery, inOrderOf } from './natural-order.ts';
import { findRun, referToAgent } from './node.ts';
import { RunRef } from './run.ts';
import { type SchemaOptions, variantOf } from './variants.ts';

/** The first version of the federation specification with `@cost` and `@listSize`. */
const LINK_URL = 'https://specs.apollo.dev/federation/v2.9';
const IMPORTS = ['@key', '@shareable', '@cost', '@listSize'];

builder.asEntity(RunRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => findRun(id, context),
});

builder.asEntity(AgentRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }) => referToAgent(id),
});

/** Returns the schema without the fields for routers, in the order of its definitions. */
export function clientSchema(): GraphQLSchema {
  return fromQuery(builder.toSchema({ sortSchema: false }));
}

/** High, because the SDL is large, and routers fetch it only once. */
const SDL_WEIGHT = 100;

/**
 * Returns the schema with `_service` and `_entities`, for clients and routers alike, and the SDL that
 * routers compose. The SDL has no `node` and `nodes`: every subgraph defines its own, and a router
 * could not tell which one to query.
 *
 * @param options what is left out of both
 */
export function buildSubgraph(options: SchemaOptions = {}): {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
} {
  // The plugin sorts everything by name.
  const sorted = builder.toSubGraphSchema({ linkUrl: LINK_URL, federationDirectives: IMPORTS });
  const schema = variantOf(inOrderOf(sorted, clientSchema()), options);
  const composed = mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (_field, name) => (name === 'node' || name === 'nodes' ? null : undefined),
  });
  const sdl = `${printSubgraphSchema(fromQuery(composed))}\n`;
  const { _service: service, _entities: entities } = schema.getQueryType()?.getFields() ?? {};
  const resolveEntities = entities?.resolve;
  if (service === undefined || entities === undefined || resolveEntities === undefined) {
    throw new Error('The schema is not a subgraph');
  }
  service.resolve = () => ({ sdl });
  describe(schema);
  // The schema has no directives for these: each entity may need a look-up, and the SDL is large.
  addCost(entities, LOOK_UP_DIRECTIVES.cost.weight);
  addCost(service, SDL_WEIGHT);
  const text = getNamedType(service.type);
  if (isObjectType(text)) for (const field of Object.values(text.getFields())) addCost(field, SDL_WEIGHT);
  entities.resolve = (root, args, context, info) => {
    assertKnownTypes(args['representations']);
    return resolveEntities(root, args, context, info);
  };
  return { schema, sdl };
}

/** The fields and types that the federation plugin adds have no descriptions. */
const DESCRIPTIONS = {
  _entities: 'For federation routers: the runs and agents that the representations refer to.',
  _service: 'For federation routers: describes this service as a subgraph.',
  _Service: 'A federation subgraph.',
  sdl: 'The schema of the subgraph in the schema definition language.',
  _Entity: 'The types that a federation router can resolve by their keys.',
  _Any: 'A reference to an entity: an object with `__typename` and the fields of the key.',
  representations: 'References to entities, each with `__typename` and the fields of its key.',
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

/** @throws ArgumentError for types of other subgraphs */
function assertKnownTypes(representations: readonly unknown[]): void {
  for (const representation of representations) {
    const name =
      typeof representation === 'object' && representation !== null && '__typename' in representation
        ? representation.__typename
        : undefined;
    if (name === 'Run' || name === 'Agent') continue;
    throw new ArgumentError(
      'representations',
      `representations: expected each __typename to be Run or Agent, but got ${quote(name)}`,
    );
  }
}
