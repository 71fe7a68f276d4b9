import './scalars.ts';
import './details/run-details.ts';
import './approvals.ts';
import './query.ts';
import './mutation.ts';
import './cancelling.ts';
import './subscription.ts';
import './federation.ts';
import { filterSchema, pruneSchema } from '@graphql-tools/utils';
import { GraphQLSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';
import { printSubgraph, ROUTER_FIELDS, withoutRootFields } from './subgraph-sdl.ts';

/** The parts that are left out of the schema. */
export interface SchemaOptions {
  /** Whether there are no mutations. @default false */
  readonly readOnly?: boolean | undefined;
  /** `stub`: agents have nothing but their ids and runs, since another subgraph owns the rest. @default full */
  readonly agents?: 'full' | 'stub' | undefined;
}

const DESCRIPTION =
  'Runs of AI agents, as the Letta runs API has them. Begin with `runs`, a list with filters that is paged in both directions, or `run` for one by its id; `steps` and `messages` say what happened in it. `runStats` has numbers about many, `agents` who ran, `runEvents` changes as they happen.';

const built = builder.toSchema({ sortSchema: false }).toConfig();
/** The types in the order of a depth-first traversal from `Query`: Pothos has them in the order of loaded modules. */
const fromQuery = new GraphQLSchema({ ...built, types: [] }).getTypeMap();

/** The schema that is served: the schema for clients, with the fields that federation routers need. */
export const schema = new GraphQLSchema({
  ...built,
  description: DESCRIPTION,
  types: [...new Set([...Object.values(fromQuery), ...built.types])],
});

/** Returns the schema that is served with `READ_ONLY` or `AGENTS=stub`, which leave some of it out. */
export function schemaWith({ readOnly = false, agents = 'full' }: SchemaOptions): GraphQLSchema {
  const isStub = agents === 'stub';
  if (!readOnly && !isStub) return schema;
  const rootFieldFilter = (operation: string, name: string): boolean =>
    !(readOnly && (operation === 'Mutation' || name === 'cancelPreview')) &&
    !(isStub && ['agents', 'agent'].includes(name));
  const objectFieldFilter = (type: string, name: string): boolean =>
    !(isStub && type === 'Agent') || ['id', 'runs'].includes(name);
  return pruneSchema(filterSchema({ schema, rootFieldFilter, objectFieldFilter }));
}

/** Prints the schema for clients as SDL, in the order of its definitions. @param options what is left out of it */
export function printClientSdl(options: SchemaOptions = {}): string {
  return `${printSchema(withoutRootFields(schemaWith(options), ROUTER_FIELDS))}\n`;
}

/**
 * Prints the schema for routers as SDL, as `_service` returns it.
 *
 * @param options what is left out of it
 * @param tag given to all of it, by `@tag`
 */
export function printSubgraphSdl(options: SchemaOptions = {}, tag?: string): string {
  return printSubgraph(schemaWith(options), tag);
}
