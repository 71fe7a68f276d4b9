import { readFileSync } from 'node:fs';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { CATALOG_SDL, NOTES_SDL } from './neighbours.ts';

/** The committed SDL of ours. */
export const RUNS_SDL = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');

export interface Service {
  readonly name: string;
  readonly sdl: string;
}

const runs: Service = { name: 'runs', sdl: RUNS_SDL };
const catalog: Service = { name: 'catalog', sdl: CATALOG_SDL };
const notes: Service = { name: 'notes', sdl: NOTES_SDL };

export const NEIGHBOURHOODS = {
  alone: [runs],
  'with notes': [runs, notes],
  'with both': [catalog, runs, notes],
  'with both, the other way round': [notes, runs, catalog],
} as const satisfies Readonly<Record<string, readonly Service[]>>;

/** Ours beside a neighbour. */
export function beside(sdl: string, own = RUNS_SDL): readonly Service[] {
  return [
    { name: 'runs', sdl: own },
    { name: 'other', sdl },
  ];
}

interface Composed {
  readonly errors: readonly string[];
  readonly hints: readonly string[];
  /** Undefined where there are errors. */
  readonly api?: GraphQLSchema;
  /** Undefined where there are errors, or where the composer makes none. */
  readonly supergraphSdl?: string;
}

export type Composer = (services: readonly Service[]) => Composed;

/** Where a router finds a subgraph; nothing listens there. */
export const urlOf = (name: string) => `http://${name}.test/graphql`;

const withUrls = (services: readonly Service[]) =>
  services.map(({ name, sdl }) => ({ name, url: urlOf(name), typeDefs: parse(sdl) }));

export const apollo: Composer = (services) => {
  const { errors = [], hints = [], supergraphSdl, schema } = composeWithApollo(withUrls(services));
  return {
    errors: errors.map(String),
    hints: hints.map(({ definition, message }) => `${definition.code}: ${message}`),
    ...(schema !== undefined && { api: schema.toAPISchema().toGraphQLJSSchema(), supergraphSdl }),
  };
};

const theGuild: Composer = (services) => {
  const { errors = [], supergraphSdl, publicSdl } = composeWithTheGuild(withUrls(services));
  return {
    errors: errors.map(String),
    hints: [],
    ...(supergraphSdl !== undefined && { api: buildSchema(publicSdl), supergraphSdl }),
  };
};

const wunderGraph: Composer = (services) => {
  const result = federateSubgraphs({
    subgraphs: services.map(({ name, sdl }) => ({ name, url: urlOf(name), definitions: parse(sdl) })),
    version: ROUTER_COMPATIBILITY_VERSION_ONE,
  });
  return {
    errors: result.success ? [] : result.errors.map(String),
    hints: result.warnings.map(String),
    ...(result.success && { api: result.federatedGraphClientSchema }),
  };
};

export const COMPOSERS: readonly (readonly [name: string, compose: Composer])[] = [
  ['@apollo/composition', apollo],
  ['@theguild/federation-composition', theGuild],
  ['@wundergraph/composition', wunderGraph],
];
