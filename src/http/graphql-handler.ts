import { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Caller, Operations } from '../graphql/operations.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { answerBody, answerStatus, NOT_ALLOWED, yogaResult } from './answer-body.ts';
import { graphiqlOptions, renderGraphiqlPage } from './graphiql.ts';
import { readGraphqlGet, readGraphqlPost } from './graphql-request.ts';
import { createMediaTypes } from './media-types.ts';

/** Bytes of a request's body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Headers of one connection: the body is whole here, and is sent with its length. */
const OF_CONNECTIONS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** What is known of a request before its GraphQL is looked at. */
type RequestContext = Pick<Caller, 'record' | 'authorization' | 'showsCost'>;

/** A POST of JSON, its body read already, or a GET that is not a browser's. */
interface PlainRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the search of the address. */
  readonly text: string;
  readonly accept: string | undefined;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In parts, which may be shared with other answers. */
  readonly body: readonly Uint8Array[];
}

/** Answers GraphQL over HTTP. */
export interface GraphqlHandler {
  /** Any request; browsers get GraphiQL. */
  handle(request: Request, context: RequestContext): Promise<Response>;
  /** The same, without objects of the fetch standard for a request that is as nearly all are. */
  handlePlain(request: PlainRequest, context: RequestContext): Promise<HttpAnswer>;
}

/** @param maskError makes of any error one for the client */
export function createGraphqlHandler(
  operations: Operations,
  maskError: (error: unknown) => GraphQLError,
): GraphqlHandler {
  const yoga = createYoga<RequestContext>({
    graphqlEndpoint: '/graphql',
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

  const mediaTypes = createMediaTypes(async (accept) => {
    const headers = accept === undefined ? {} : { accept };
    const request = new Request('http://gateway/graphql?query={__typename}', { headers });
    return yoga.fetch(request, { record: new OperationRecord(''), authorization: null, showsCost: false });
  });

  const viaYoga = async (plain: PlainRequest, context: RequestContext): Promise<HttpAnswer> => {
    const { method, text, accept, signal } = plain;
    const headers = { 'content-type': 'application/json', ...(accept !== undefined && { accept }) };
    const request =
      method === 'GET'
        ? new Request(`http://gateway/graphql?${text}`, { headers, signal })
        : new Request('http://gateway/graphql', { method, headers, body: text, signal });
    const response = await yoga.fetch(request, context);
    return {
      status: response.status,
      headers: Object.fromEntries(
        [...response.headers].filter(([name]) => !OF_CONNECTIONS.has(name.toLowerCase())),
      ),
      body: [new Uint8Array(await response.arrayBuffer())],
    };
  };

  return {
    handle: async (request, context) => yoga.fetch(request, context),
    async handlePlain(plain, context) {
      const { method, text, accept, signal } = plain;
      const request = method === 'GET' ? readGraphqlGet(text) : readGraphqlPost(text);
      const type = mediaTypes.known(accept) ?? (await mediaTypes.ask(accept));
      if (request === undefined || type === undefined) return viaYoga(plain, context);
      const isReadOnly = method === 'GET';
      const answer = await operations.answer(request, { ...context, signal, key: method + text, isReadOnly });
      return {
        status: answerStatus(answer, type),
        headers: { 'content-type': type, ...(answer.isNotAllowed && NOT_ALLOWED.headers) },
        body: answerBody(answer),
      };
    },
  };
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
