import { type ExecutionArgs, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { Refusal } from '../access/refusal.ts';
import { createEngine, type Engine, type EngineOptions, type PreparedOperation } from '../engine/index.ts';
import { memoize } from '../runs/memoize.ts';
import type { Credentials } from '../upstream/credentials.ts';

const readOnlyToken = new Refusal(
  'FORBIDDEN',
  'This access token is read-only, and may not send mutations. Nothing was changed.',
  { status: 200 },
);

/** Prepares an operation for execution, and computes its cost. @throws GraphQLError if it costs too much; Refusal */
export type PrepareOperation = (args: ExecutionArgs, credentials: Credentials) => PreparedOperation;

export function createPrepareOperation(options: EngineOptions): PrepareOperation {
  const own = createEngine(options);
  /** Plugins may replace the schema by one with other resolvers or fields. */
  const engineFor = memoize((schema: GraphQLSchema): Engine =>
    schema === options.schema ? own : createEngine({ ...options, schema, rowCopying: false }),
  );
  return ({ schema, document, operationName, variableValues }, { isReadOnly }) => {
    const operation = engineFor(schema).prepare(document, operationName ?? undefined, variableValues ?? {});
    if (isReadOnly && operation.type === OperationTypeNode.MUTATION) throw readOnlyToken;
    return operation;
  };
}
