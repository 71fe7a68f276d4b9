import { answerBody, answerStatus, NOT_ALLOWED } from '../graphql/answer-body.ts';
import type { Operations } from '../graphql/operations.ts';
import type { GraphqlServer, RequestContext } from '../graphql/yoga.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { readGraphqlGet, readGraphqlPost } from './graphql-request.ts';
import type { HttpAnswer } from './http-answer.ts';
import { createMediaTypes } from './media-types.ts';

/** Headers of one connection: the body is whole here, and is sent with its length. */
const OF_CONNECTIONS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** A POST of JSON, its body read already, or a GET that is not a browser's. */
interface PlainRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the search of the address. */
  readonly text: string;
  readonly accept: string | undefined;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

/** Answers GraphQL over HTTP. */
export interface GraphqlHandler {
  /** Any request; browsers get GraphiQL. */
  handle(request: Request, context: RequestContext): Promise<Response>;
  /** The same, without objects of the fetch standard for a request that is as nearly all are. */
  handlePlain(request: PlainRequest, context: RequestContext): Promise<HttpAnswer>;
}

/**
 * @param server answers everything that is not plain
 * @param endpoint the path that it answers at
 */
export function createGraphqlHandler(
  operations: Operations,
  server: GraphqlServer,
  endpoint: string,
): GraphqlHandler {
  const address = `http://gateway${endpoint}`;

  const mediaTypes = createMediaTypes(async (accept) => {
    const headers = accept === undefined ? {} : { accept };
    const request = new Request(`${address}?query={__typename}`, { headers });
    return server.fetch(request, { record: new OperationRecord(''), authorization: null, showsCost: false });
  });

  const viaServer = async (plain: PlainRequest, context: RequestContext): Promise<HttpAnswer> => {
    const { method, text, accept, signal } = plain;
    const headers = { 'content-type': 'application/json', ...(accept !== undefined && { accept }) };
    const request =
      method === 'GET'
        ? new Request(`${address}?${text}`, { headers, signal })
        : new Request(address, { method, headers, body: text, signal });
    const response = await server.fetch(request, context);
    return {
      status: response.status,
      headers: Object.fromEntries(
        [...response.headers].filter(([name]) => !OF_CONNECTIONS.has(name.toLowerCase())),
      ),
      body: [new Uint8Array(await response.arrayBuffer())],
    };
  };

  return {
    handle: async (request, context) => server.fetch(request, context),
    async handlePlain(plain, context) {
      const { method, text, accept, signal } = plain;
      const request = method === 'GET' ? readGraphqlGet(text) : readGraphqlPost(text);
      const type = mediaTypes.known(accept) ?? (await mediaTypes.ask(accept));
      if (request === undefined || type === undefined) return viaServer(plain, context);
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
