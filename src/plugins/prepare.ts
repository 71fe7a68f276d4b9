import { type ExecutionArgs, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createEngine, type Engine, type EngineOptions, type PreparedOperation } from '../engine/index.ts';
import { Refusal } from '../server/refusal.ts';
import type { Credentials } from '../upstream/credentials.ts';

const forReadingOnly = new Refusal(
  'FORBIDDEN',
  'This access token is for reading only, and may not send mutations. Nothing was changed.',
  { status: 200 },
);

/**
 * Prepares an operation to be executed, and prices it.
 *
 * @throws GraphQLError if it asks for too much; Refusal if its caller may not send it
 */
export type Prepare = (args: ExecutionArgs, credentials: Credentials) => PreparedOperation;

export function createPrepare(options: EngineOptions): Prepare {
  const engines = new WeakMap<GraphQLSchema, Engine>([[options.schema, createEngine(options)]]);
  /** Plugins may put a schema with other resolvers or fields in place of the gateway's. */
  const engineFor = (schema: GraphQLSchema): Engine => {
    const engine = engines.get(schema) ?? createEngine({ ...options, schema, copiesRows: false });
    engines.set(schema, engine);
    return engine;
  };
  return ({ schema, document, operationName, variableValues }, { isReadOnly }) => {
    const operation = engineFor(schema).prepare(document, operationName ?? undefined, variableValues ?? {});
    if (isReadOnly && operation.type === OperationTypeNode.MUTATION) throw forReadingOnly;
    return operation;
  };
}
