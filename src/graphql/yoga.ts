import { GraphQLError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { yogaResult } from './answer-body.ts';
import { graphiqlOptions, renderGraphiqlPage } from './graphiql.ts';
import type { Caller, Operations } from './operations.ts';

/** Bytes of a request's body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What is known of a request before its GraphQL is looked at. */
export type RequestContext = Pick<Caller, 'record' | 'authorization' | 'showsCost'>;

export interface GraphqlServerOptions {
  readonly operations: Operations;
  /** The path that it answers at. */
  readonly endpoint: string;
  /** Makes of any error one for the client. */
  readonly maskError: (error: unknown) => GraphQLError;
}

/** GraphQL over HTTP for any request at the endpoint; browsers get GraphiQL. */
export type GraphqlServer = YogaServerInstance<RequestContext, object>;

export function createGraphqlServer({
  operations,
  endpoint,
  maskError,
}: GraphqlServerOptions): GraphqlServer {
  return createYoga<RequestContext>({
    graphqlEndpoint: endpoint,
    landingPage: false,
    // Yoga answers any address that *ends* in this; no address ends in a space.
    healthCheckEndpoint: ' ',
    // A page of another origin must not read what the gateway's own key can see.
    cors: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    graphiql: graphiqlOptions,
    renderGraphiQL: renderGraphiqlPage,
    logging: false,
    // Errors of operations are masked already; this is for all others.
    maskedErrors: { maskError: (error) => badRequest(error) ?? maskError(error) },
    parserAndValidationCache: false,
    plugins: [useOperations(operations), useRecordOfErrors()],
  });
}

/** Yoga reads requests and negotiates; the operations themselves go where all go. */
function useOperations(operations: Operations): Plugin<object, RequestContext> {
  return {
    onParams({ setParamsHandler }) {
      setParamsHandler(async ({ params, request, context }) => {
        const { query = '', operationName, variables } = params;
        refuseOtherThanText(operationName);
        const { record, authorization, showsCost } = context as RequestContext;
        const answer = await operations.answer(
          { query, operationName: operationName ?? undefined, variables: variables ?? {} },
          {
            record,
            authorization,
            showsCost,
            signal: request.signal,
            key: JSON.stringify([query, operationName, variables]),
            isReadOnly: request.method === 'GET',
          },
        );
        return yogaResult(answer);
      });
    },
  };
}

/** The one parameter that Yoga lets pass whatever it is. */
function refuseOtherThanText(operationName: unknown): void {
  if (operationName === undefined || operationName === null || typeof operationName === 'string') return;
  throw new GraphQLError('Expected "operationName" param to be a string.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}

/** Requests that got to no operation are recorded as well. */
function useRecordOfErrors(): Plugin<object, RequestContext> {
  return {
    onResultProcess({ result, serverContext: { record } }) {
      if (!Array.isArray(result) && 'errors' in result) record.finish(record.name, result.errors ?? []);
    },
  };
}

/** Yoga reads the variables of a GET with `JSON.parse`, and takes its error for one of the server. */
function badRequest(error: unknown): GraphQLError | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  return new GraphQLError('The request holds something that is not JSON.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
