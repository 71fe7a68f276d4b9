import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { GraphqlRequest } from '../graphql/graphql-endpoint.ts';
import { type FrameworkRequest, readNodeBody } from '../graphql/request-body.ts';
import type { Clients } from './clients.ts';
import type { Cors } from './cors.ts';
import { type Failure, invalidHost, misdirected } from './failure.ts';
import { type HostCheck, isWellFormedHost } from './hosts.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type Outbox, unwatched } from './outbox.ts';
import { announcesBody } from './request-headers.ts';
import { invalidHead } from './request-target.ts';
import { DATA_HEADERS } from './security-headers.ts';
import { sendStream } from './send-stream.ts';
import { send } from './send.ts';

/** A request listener for Node's http module and frameworks built on it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface NodeListenerOptions {
  /** The path of GraphQL; undefined if it is not served. */
  readonly endpoint: string | undefined;
  /** Answers GraphQL. Never rejects. */
  readonly graphql: (request: GraphqlRequest, requestId: string) => Promise<HttpAnswer>;
  /** Handles all other requests. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly serves: HostCheck;
  readonly cors: Cors;
  readonly clients: Clients;
  /** Sends the answers of GraphQL. */
  readonly outbox: Outbox;
}

/**
 * Creates a request listener. Converting to `Request` and from `Response` costs more than the rest
 * of a small request, and copies the files of GraphiQL, so the path of GraphQL skips it.
 */
export function createNodeListener(options: NodeListenerOptions): NodeListener {
  const { endpoint, graphql, fetch, serves, cors, clients, outbox } = options;
  const adapter = createServerAdapter(fetch);
  // Targets start with a slash, so nothing is equal to an endpoint that is missing.
  const searchStart = `${endpoint ?? ''}?`;

  const serveGraphql = async (request: FrameworkRequest, response: ServerResponse, target: string) => {
    const client = clients.of(request.socket);
    const caller = new AbortController();
    response.once('close', () => {
      client.finish();
      if (!response.writableFinished) caller.abort();
    });
    const { method = '', headers } = request;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]?.toString() ?? null);
    const search = target.slice(searchStart.length);
    const readBody = () => readNodeBody(request);
    const answer = await graphql(
      { method, search, headers, signal: caller.signal, client, readBody },
      requestId,
    );
    if (caller.signal.aborted) return;
    const common = cors.headersFor(headers.origin);
    if (answer.stream !== undefined) {
      response.writeHead(answer.status, { ...common, ...answer.headers, [REQUEST_ID_HEADER]: requestId });
      return sendStream(response, answer.stream);
    }
    return sendWithId(request, response, answer, requestId, common, outbox);
  };

  return guardHosts((request: FrameworkRequest, response) => {
    const target = request.originalUrl ?? request.url ?? '';
    const { method, headers } = request;
    const invalid = invalidHead(request, target);
    if (invalid !== undefined) {
      refuse(request, response, invalid, cors.headersFor(headers.origin));
    } else if (
      (target === endpoint || target.startsWith(searchStart)) &&
      (method === 'POST' || method === 'GET')
    ) {
      void serveGraphql(request, response, target);
    } else if (!URL.canParse(`http://${headers.host ?? 'localhost'}${target}`)) {
      refuse(request, response, invalidHost, cors.headersFor(headers.origin));
    } else {
      // No other request has its body read.
      if (!request.complete && announcesBody(headers)) response.setHeader('connection', 'close');
      void adapter(request, response);
    }
  }, serves);
}

/** Refuses requests for hosts that are not served, whatever they ask for. */
export function guardHosts(listener: NodeListener, serves: HostCheck): NodeListener {
  return (request, response) => {
    const { host } = request.headers;
    // Every browser sends it. What is malformed is for the listener to refuse.
    if (host === undefined || !isWellFormedHost(host) || serves(host)) listener(request, response);
    else refuse(request, response, misdirected(host), DATA_HEADERS);
  };
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  failure: Failure,
  common: Readonly<Record<string, string>>,
): void {
  const requestId = requestIdOf(request.headers[REQUEST_ID_HEADER]?.toString() ?? null);
  sendWithId(request, response, failure(requestId), requestId, common, unwatched);
}

function sendWithId(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
  requestId: string,
  common: Readonly<Record<string, string>>,
  outbox: Outbox,
): void {
  send(
    request,
    response,
    { ...answer, headers: { ...answer.headers, [REQUEST_ID_HEADER]: requestId } },
    common,
    outbox,
  );
}
