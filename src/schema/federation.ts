import { printSubgraphSchema } from '@apollo/subgraph';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { AgentRef } from './agent.ts';
import { builder } from './builder.ts';
import { findAgent, findRun } from './node.ts';
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

/**
 * The schema with `_service` and `_entities`, for clients and routers alike, and the SDL that
 * routers compose. `node` and `nodes` are for clients only: every subgraph has its own, and a router
 * could not know whom to ask.
 */
export function buildSubgraph(): { readonly schema: GraphQLSchema; readonly sdl: string } {
  const schema = builder.toSubGraphSchema({ linkUrl: LINK_URL, federationDirectives: IMPORTS });
  const composed = mapSchema(schema, {
    [MapperKind.ROOT_FIELD]: (_field, name) => (name === 'node' || name === 'nodes' ? null : undefined),
  });
  const sdl = `${printSubgraphSchema(composed)}\n`;
  const service = schema.getQueryType()?.getFields()['_service'];
  if (!isObjectType(schema.getType('_Service')) || service === undefined) {
    throw new Error('The schema has no _service field');
  }
  service.resolve = () => ({ sdl });
  return { schema, sdl };
}
