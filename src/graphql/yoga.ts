import { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { JsonLimitError } from '../json/parse-json.ts';
import type { Journal } from '../observability/journal.ts';
import { ID_PARAMETERS, readDocument } from './documents/requested-document.ts';
import { toGraphQLError } from './errors.ts';
import type { Caller, OperationAnswer } from './operation-request.ts';

/** The maximum size of a request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What is known about a request before its GraphQL is read. */
export type RequestContext = Pick<Caller, 'record' | 'credentials' | 'showsCost'>;

interface InvalidRequest extends Pick<Caller, 'record'> {
  /** Returns its parameters, which may be anything. @throws SyntaxError */
  readonly parse: () => unknown;
}

/**
 * Says what is wrong with a request that is not valid GraphQL over HTTP, in the words of GraphQL Yoga, and by its
 * rules for statuses. It has no schema, and executes nothing.
 *
 * @param isPlain whether the answer is `application/json`, on which the status depends
 */
export type ExplainInvalid = (request: InvalidRequest, isPlain: boolean) => Promise<OperationAnswer>;

export function createExplainInvalid(journal: Pick<Journal, 'failed'>): ExplainInvalid {
  const yoga = createYoga<InvalidRequest>({
    landingPage: false,
    graphiql: false,
    cors: false,
    logging: false,
    maskedErrors: false,
    extraParamNames: [...ID_PARAMETERS],
    plugins: [useParameters(journal)],
  });
  return async (request, isPlain) => {
    const accept = `application/${isPlain ? '' : 'graphql-response+'}json`;
    const response = await yoga.fetch('http://gateway/graphql', { headers: { accept } }, request);
    const { status, headers } = response;
    const allow = headers.get('allow');
    const refusal = { status, headers: { ...(allow !== null && { allow }) } };
    return { data: await response.bytes(), errors: [], refusal };
  };
}

function useParameters(journal: Pick<Journal, 'failed'>): Plugin<object, InvalidRequest> {
  return {
    onRequestParse({ serverContext: { parse }, setRequestParser }) {
      setRequestParser(() => parsed(parse));
    },
    onParams({ params, setParams, setParamsHandler }) {
      const document = readDocument(Object(params));
      if (document instanceof GraphQLError) throw document;
      if (document?.id !== undefined) setParams({ ...params, query: document.query ?? '' });
      // Yoga checks the types of all the others.
      setParamsHandler(() => {
        throw badRequest('Expected "operationName" param to be a string.');
      });
    },
    onResultProcess(payload) {
      const { result } = payload;
      if (Array.isArray(result) || !('errors' in result)) return;
      const { record } = payload.serverContext;
      const { requestId } = record;
      const errors = (result.errors ?? []).map((error) =>
        toGraphQLError(error, requestId, (cause) => journal.failed(cause, { requestId })),
      );
      record.finish(undefined, errors);
      payload.setResult({ errors });
    },
  };
}

function parsed(parse: () => unknown): never {
  try {
    // Yoga checks whether these are parameters.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- See above.
    return parse() as never;
  } catch (error) {
    throw badRequest(error instanceof JsonLimitError ? error.message : 'The request contains invalid JSON.');
  }
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
}
