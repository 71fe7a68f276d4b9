import { GraphQLError } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { JSON_LIMIT_MESSAGE } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { yogaResult } from './answer-body.ts';
import { ID_PARAMETERS, readDocument } from './documents/requested-document.ts';
import type { Caller } from './operation-request.ts';
import type { Operations } from './operations.ts';
import { useRequestParameters } from './request-parameters.ts';

/** The maximum size of a request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What is known about a request before its GraphQL is read. */
export type RequestContext = Pick<Caller, 'record' | 'credentials' | 'showsCost'>;

export interface GraphqlServerOptions {
  readonly operations: Operations;
  /** The path that it serves. */
  readonly endpoint: string;
  /** Converts any error to one for the client. */
  readonly maskError: (error: unknown) => GraphQLError;
}

/** Serves GraphQL over HTTP for any request at the endpoint. */
export type GraphqlServer = YogaServerInstance<RequestContext, object>;

export function createGraphqlServer({
  operations,
  endpoint,
  maskError,
}: GraphqlServerOptions): GraphqlServer {
  return createYoga<RequestContext>({
    graphqlEndpoint: endpoint,
    landingPage: false,
    // Disables the health check, which Yoga serves for any URL that *ends* in this: none ends in a space.
    healthCheckEndpoint: ' ',
    // Pages of other origins must not read what the gateway's own API key can read.
    cors: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    graphiql: false,
    logging: false,
    // Errors of operations are already masked; this is for all others.
    maskedErrors: { maskError: (error) => maskError(badRequest(error) ?? error) },
    parserAndValidationCache: false,
    plugins: [useRequestParameters(), useOperations(operations), useErrorRecord()],
  });
}

/** Yoga parses requests and negotiates content types; operations are executed by the engine. */
function useOperations(operations: Operations): Plugin<object, RequestContext> {
  return {
    onParams({ params, request, setParams, setParamsHandler }) {
      const document = readDocument(withIds(params, request));
      if (document instanceof GraphQLError) throw document;
      if (document?.id !== undefined) setParams(withText(params, document.query ?? ''));
      setParamsHandler(async ({ params: checked, context }) => {
        const { query = '', operationName, variables } = checked;
        assertString(operationName);
        const { record, credentials, showsCost } = context as RequestContext;
        const named = document ?? { query };
        const answer = await operations.answer(
          { document: named, operationName: operationName || undefined, variables: variables ?? {} },
          {
            record,
            credentials,
            showsCost,
            signal: request.signal,
            key: stringifyJson([named.query, named.id, operationName, variables]),
            isReadOnly: request.method === 'GET',
            takesStreams: false,
          },
        );
        if ('answers' in answer) throw new Error('There is no room for a stream');
        return yogaResult(answer);
      });
    },
  };
}

/** Adds the ids of a GET, which Yoga doesn't read. */
function withIds(params: GraphQLParams, { method, url }: Request): Readonly<Record<string, unknown>> {
  // Any JSON: Yoga checks it later.
  if (typeof params !== 'object' || params === null) return {};
  if (method !== 'GET') return { ...params };
  const { searchParams } = new URL(url);
  // An empty parameter counts as absent.
  return {
    ...params,
    ...Object.fromEntries(ID_PARAMETERS.map((name) => [name, searchParams.get(name) || null])),
  };
}

/** Replaces the id of a document, a parameter that Yoga rejects. */
function withText(params: GraphQLParams, query: string): GraphQLParams {
  const others = Object.entries(params).filter(([name]) => !ID_PARAMETERS.some((id) => id === name));
  return { ...Object.fromEntries(others), query };
}

/** Yoga checks the types of all parameters but this one. */
function assertString(operationName: unknown): void {
  if (operationName === undefined || operationName === null || typeof operationName === 'string') return;
  throw new GraphQLError('Expected "operationName" param to be a string.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}

/** Records the errors of requests that never reach an operation, and gives them their request id. */
function useErrorRecord(): Plugin<object, RequestContext> {
  return {
    onResultProcess(payload) {
      const { result, serverContext } = payload;
      const { record } = serverContext;
      if (Array.isArray(result) || !('errors' in result)) return;
      record.finish(record.name, result.errors ?? []);
      // Those of operations have it.
      if ('stringify' in result) return;
      const errors = result.errors?.map(({ message, extensions }) => {
        const { requestId } = record;
        return new GraphQLError(message, { extensions: { ...extensions, requestId } });
      });
      payload.setResult({ ...result, ...(errors && { errors }) });
    },
  };
}

/**
 * The error for a request without JSON. Yoga treats that of a GET as one of the server, and tells that
 * of a POST in the parser's words.
 */
function badRequest(error: unknown): GraphQLError | undefined {
  const cause: unknown = error instanceof GraphQLError ? error.extensions['originalError'] : error;
  if (!(error instanceof SyntaxError) && cause === undefined) return undefined;
  // Yoga passes on the message alone.
  const { message }: { readonly message?: unknown } = Object(cause);
  const isLimit = message === JSON_LIMIT_MESSAGE;
  return new GraphQLError(isLimit ? JSON_LIMIT_MESSAGE : 'The request contains invalid JSON.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
