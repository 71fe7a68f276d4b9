import { addAbortListener, once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { ServerAdapter, ServerAdapterBaseObject } from '@whatwg-node/server';
import { type GatewayContext, REQUEST_ENDED } from '../access/gateway-request.ts';
import type { HostCheck } from '../access/host-check.ts';
import { Refusal } from '../access/refusal.ts';
import type { Journal } from '../observability/journal.ts';
import { requestIdOf } from '../observability/request-id.ts';
import { hostRefusal } from './host-refusal.ts';
import type { NodeListener } from './listen-options.ts';
import { type ByteStream, rawBodyOf } from './raw-response.ts';
import { standardResponse } from './standard-response.ts';

export interface Handlers {
  /**
   * Handles one request by its path: GraphQL at `endpoint` (not for the admin port), `/health`, `/ready` or `/metrics`;
   * 404 for anything else. Never rejects. Does not depend on `this`.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * The same for Node's http module and frameworks built on it. Uses `request.originalUrl` where a
   * framework strips a prefix from the path, and `request.body` where a body parser has run.
   */
  readonly listener: NodeListener;
}

/** Answers a request, also if a plugin throws an error that Yoga doesn't catch. Never rejects. */
export type RequestHandler = (request: Request, context: GatewayContext) => Promise<Response>;

/** Yoga, or another handler of requests. */
export type Served = Pick<
  ServerAdapter<GatewayContext, ServerAdapterBaseObject<GatewayContext>>,
  'handleRequest' | 'handleNodeRequestAndResponse'
>;

/** Ends a request that can't be answered, or not as a whole. */
type Fail = (error: unknown) => void;

/** The largest body that Node writes together with the head from its stack, without a copy, if both are one string. */
const SHORT_BYTES = 15 * 1024;

const unexpected = new Refusal('INTERNAL_SERVER_ERROR');

/** Keeps each Request as long as its response: once a Request is collected, it no longer follows the signal of its `init`. */
const followed = new WeakMap<AbortSignal, Request>();

export function createRequestHandler(
  served: Pick<Served, 'handleRequest'>,
  journal: Pick<Journal, 'failed'>,
): RequestHandler {
  return async (request, context) => {
    // Yoga gives its plugins a copy of the context, so the id is also needed here.
    const requestId = requestIdOf(request.headers.get('x-request-id'));
    try {
      return await served.handleRequest(request, { ...context, requestId });
    } catch (error) {
      journal.failed(error, { requestId }, request.signal.aborted);
      return unexpected.response(requestId, globalThis);
    }
  };
}

/**
 * Refuses requests for hosts that are not served, before Yoga and any plugin see them.
 *
 * @param busy the connections with a request under way: a further request on one of them closes the connection
 */
export function createHandlers(
  served: Served,
  serves: HostCheck,
  journal: Pick<Journal, 'refused' | 'failed' | 'connectionClosed'>,
  busy = new WeakSet<Duplex>(),
): Handlers {
  const handle = createRequestHandler(served, journal);
  const refuse = (refusal: Refusal, sentId: unknown): string => {
    const requestId = requestIdOf(sentId);
    journal.refused(refusal, { requestId });
    return requestId;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { socket } = request;
    const controller = new AbortController();
    const end = (): void => {
      busy.delete(socket);
      socket.off('close', end);
      controller.abort(REQUEST_ENDED);
    };
    busy.add(socket);
    // Also after a complete response, since a plugin may have replaced a stream, which would not end otherwise.
    response.once('close', end);
    // After an upgrade, the response emits no `close` when its connection is closed.
    socket.once('close', end);
    const sentType = request.headers['content-type'];
    const context: GatewayContext = { req: request, res: response, sentType, signal: controller.signal };
    const fail: Fail = (error) => {
      const { requestId = requestIdOf(request.headers['x-request-id']) } = context;
      journal.failed(error, { requestId }, response.destroyed);
      if (response.headersSent) response.destroy();
      else unexpected.send(response, requestId);
    };
    try {
      const webResponse = await served.handleNodeRequestAndResponse(request, response, context);
      await send(webResponse, request, response, fail);
    } catch (error) {
      fail(error);
    }
  };
  return {
    async fetch(request) {
      const refusal = hostRefusal(new URL(request.url).host, serves);
      if (refusal !== undefined)
        return refusal.response(refuse(refusal, request.headers.get('x-request-id')), globalThis);
      const controller = new AbortController();
      const end = (): void => controller.abort(REQUEST_ENDED);
      followed.set(controller.signal, request);
      // Not by `AbortSignal.any`, which refuses signals that aren't Node's own, as frameworks pass them.
      addAbortListener(request.signal, end);
      return standardResponse(await handle(request, { signal: controller.signal }), end);
    },
    listener(request, response) {
      const { socket, headers } = request;
      // The client may have disconnected while a framework had the request: no further event would end it.
      if (socket.destroyed) return;
      if (busy.has(socket)) {
        journal.connectionClosed('over_limit');
        socket.destroy();
        return;
      }
      const refusal = hostRefusal(headers.host, serves);
      if (refusal === undefined) void serve(request, response);
      else refusal.send(response, refuse(refusal, headers['x-request-id']));
    },
  };
}

/** Sends a response; a complete body in one write, without waiting until the client has read it. */
async function send(
  webResponse: Response,
  request: IncomingMessage,
  response: ServerResponse,
  fail: Fail,
): Promise<void> {
  // The client has disconnected. Without `cancel`, Yoga's event stream of a single result would keep its timer.
  if (response.destroyed || response.writableEnded) return webResponse.body?.cancel();
  const headers: Record<string, string | string[]> = {};
  webResponse.headers.forEach((value, name) => {
    headers[name] = name === 'set-cookie' ? webResponse.headers.getSetCookie() : value;
  });
  const body = rawBodyOf(webResponse);
  if (body === undefined) return sendBody(webResponse, headers, response);
  if (body instanceof Uint8Array) {
    response.writeHead(webResponse.status, headers);
    // Sockets of other implementations may write any string as UTF-8.
    if (body.length > SHORT_BYTES || !(request.socket instanceof Socket)) return void response.end(body);
    const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');
    return void response.end(text, 'latin1');
  }
  response.writeHead(webResponse.status, {
    ...headers,
    // HTTP/2 has no `connection` header.
    ...(request.httpVersionMajor === 1 && { connection: 'close' }),
  });
  // Not awaited, since all that the request needed would stay in memory as long as the stream.
  sendChunks(body, response, fail).catch(fail);
}

/** Sends the body of a page or a plugin. A stream may be one of Node, as Yoga creates it, or a web stream. */
async function sendBody(
  { status, statusText, body }: Response,
  headers: OutgoingHttpHeaders,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(status, statusText, headers);
  if (body === null) return void response.end();
  const stream: unknown = body;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Types of the platform and of Node differ.
  await pipeline(stream instanceof Readable ? stream : Readable.fromWeb(body as NodeStream), response);
}

/** Sends chunks as fast as the client reads them. */
async function sendChunks(chunks: ByteStream, response: ServerResponse, fail: Fail): Promise<void> {
  response.once('close', () => void chunks.return?.().catch(fail));
  for await (const chunk of chunks) {
    if (response.destroyed || response.writableEnded) return;
    if (!response.write(chunk)) await once(response, 'drain');
  }
  response.end();
}
