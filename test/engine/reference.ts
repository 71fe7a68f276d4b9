import { execute, type GraphQLError, parse, validate } from 'graphql';
import { completingMessages } from '../../src/engine/documents/complete-messages.ts';
import { createContext } from '../../src/loaders/context.ts';
import { toGraphQLError } from '../../src/operations/errors.ts';
import { schema } from '../../src/schema/index.ts';
import type { RunsUpstream } from '../../src/upstream/letta/runs-upstream.ts';
import { credentialsOf } from '../support/credentials.ts';
import { NO_SEARCH } from '../support/no-live.ts';

/** What a request is answered with. */
export interface ReferenceAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * The answer of graphql-js itself over the served schema, with the gateway's codes, its names of
 * arguments, and the statuses of GraphQL over HTTP.
 */
export async function referenceAnswer(
  upstream: RunsUpstream,
  operation: { query: string; operationName?: string; variables: Record<string, unknown> },
  accept: string,
): Promise<ReferenceAnswer> {
  const refused = (
    errors: readonly GraphQLError[],
    code: string,
    complete = ({ message }: GraphQLError): string => message,
  ): ReferenceAnswer => ({
    status: accept === 'application/json' ? 200 : 400,
    body: JSON.stringify({
      errors: errors.map((error) => ({
        ...error.toJSON(),
        message: complete(error),
        extensions: { retryable: false, code, ...error.extensions, requestId: 'same' },
      })),
    }),
  });
  let document: ReturnType<typeof parse>;
  try {
    document = parse(operation.query);
  } catch (error) {
    return refused([error as GraphQLError], 'GRAPHQL_PARSE_FAILED');
  }
  const mistakes = validate(schema, document);
  const complete = completingMessages(schema, document);
  if (mistakes.length > 0) return refused(mistakes, 'GRAPHQL_VALIDATION_FAILED', complete);
  const runs = upstream.forCaller({
    ...credentialsOf('one'),
    requestId: 'same',
    signal: new AbortController().signal,
  });
  const { data, errors = [] } = await execute({
    schema,
    document,
    operationName: operation.operationName ?? null,
    variableValues: operation.variables,
    contextValue: createContext(runs, NO_SEARCH),
  });
  if (data === undefined) {
    const isUnknown = errors.some(({ message }) => /operation/.test(message));
    return refused(errors, isUnknown ? 'OPERATION_RESOLUTION_FAILURE' : 'BAD_USER_INPUT', complete);
  }
  // The gateway refuses it before it executes anything.
  if (data === null && errors.some(({ message }) => message.startsWith('Schema is not configured'))) {
    return refused(errors, 'GRAPHQL_VALIDATION_FAILED');
  }
  const shown = errors.map((error) => toGraphQLError(error, 'same', () => undefined));
  return { status: 200, body: JSON.stringify({ ...(shown.length > 0 && { errors: shown }), data }) };
}
