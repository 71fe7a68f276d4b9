import { answerBody, answerHeaders, answerStatus } from '../../graphql/answer-body.ts';
import type { Operations } from '../../graphql/operations.ts';
import type { GraphqlServer, RequestContext } from '../../graphql/yoga.ts';
import { OperationRecord } from '../../observability/operation-record.ts';
import { type Credentials, GATEWAY_ITSELF } from '../../upstream/credentials.ts';
import { notAcceptable } from '../server/failure.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import { acceptsEvents, EVENT_STREAM, EVENT_STREAM_HEADERS, eventBody, eventStream } from './event-stream.ts';
import { readGraphqlGet, readGraphqlPost } from './graphql-request.ts';
import { createMediaTypes } from './media-types.ts';

/** Hop-by-hop headers, and the length, which is set when the body is sent. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** Of refusals, for those who would have got events. */
const JSON_TYPE = 'application/json; charset=utf-8';

/** Of the requests by which it finds out media types. */
const PROBE: Credentials = { callerKey: GATEWAY_ITSELF, account: GATEWAY_ITSELF, headers: {} };

/** A POST with a JSON body that has been read, or a GET. */
interface PlainRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the query string. */
  readonly text: string;
  readonly accept: string | undefined;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

/** Handles GraphQL over HTTP. */
export interface GraphqlHandler {
  /** Has a fast path for plain requests, which nearly all are: creates no `Request` or `Response`. */
  handle(request: PlainRequest, context: RequestContext): Promise<HttpAnswer>;
}

/**
 * @param server handles the requests that the fast path does not
 * @param endpoint the path that it serves
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
    return server.fetch(request, { record: new OperationRecord(''), credentials: PROBE, showsCost: false });
  });

  const viaServer = async (plain: PlainRequest, context: RequestContext): Promise<HttpAnswer> => {
    const { method, text, accept, signal } = plain;
    const headers = { 'content-type': 'application/json', ...(accept !== undefined && { accept }) };
    const request =
      method === 'GET'
        ? new Request(`${address}?${text}`, { headers, signal })
        : new Request(address, { method, headers, body: text, signal });
    const response = await server.fetch(request, context);
    // Yoga's own has no body.
    if (response.status === 406) return notAcceptable(context.record.requestId);
    return {
      status: response.status,
      headers: Object.fromEntries(
        [...response.headers].filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase())),
      ),
      body: [new Uint8Array(await response.arrayBuffer())],
    };
  };

  return {
    async handle(plain, context) {
      const { method, text, accept, signal } = plain;
      const request = method === 'GET' ? readGraphqlGet(text) : readGraphqlPost(text);
      const takesEvents = acceptsEvents(accept);
      const negotiated = mediaTypes.known(accept) ?? (await mediaTypes.ask(accept));
      // Clients such as urql take events or multipart responses, of which the server prefers the latter.
      const type = negotiated ?? (takesEvents ? EVENT_STREAM : undefined);
      if (request === undefined || type === undefined) return viaServer(plain, context);
      const answer = await operations.answer(request, {
        ...context,
        signal,
        key: method + text,
        isReadOnly: method === 'GET',
        takesStreams: takesEvents,
      });
      if ('answers' in answer) {
        return { status: 200, headers: EVENT_STREAM_HEADERS, body: [], stream: eventStream(answer) };
      }
      if (type === EVENT_STREAM && answer.refusal === undefined) {
        const headers = { ...EVENT_STREAM_HEADERS, ...answerHeaders(answer) };
        return { status: 200, headers, body: eventBody(answer) };
      }
      return {
        status: answerStatus(answer, type),
        headers: { 'content-type': type === EVENT_STREAM ? JSON_TYPE : type, ...answerHeaders(answer) },
        body: answerBody(answer),
      };
    },
  };
}
