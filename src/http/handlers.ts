import { addAbortListener, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type ServerAdapter, type ServerAdapterBaseObject, sendNodeResponse } from '@whatwg-node/server';
import { type GatewayContext, REQUEST_ENDED } from '../access/gateway-request.ts';
import type { HostCheck } from '../access/host-check.ts';
import { Refusal } from '../access/refusal.ts';
import type { Journal } from '../observability/journal.ts';
import { requestIdOf } from '../observability/request-id.ts';
import { turnOfRequest } from '../scheduling/next-turn.ts';
import { checkHead, checkHost } from './check-head.ts';
import { LAST_REQUEST } from './connections.ts';
import type { NodeListener } from './listen-options.ts';
import { nodeStreamOf, readWhole } from './plugin-response.ts';
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
type Served = Pick<
  ServerAdapter<GatewayContext, ServerAdapterBaseObject<GatewayContext>>,
  'handleRequest' | 'handleNodeRequestAndResponse'
>;

/** A request as frameworks built on Node's http module pass it on. */
interface FrameworkRequest extends IncomingMessage {
  /** The full target, where the framework has stripped a prefix from `url`. */
  readonly originalUrl?: string;
}

/** Ends a request that can't be answered, or not as a whole. */
type Fail = (error: unknown) => void;

/** Bytes of a body that Node writes from its stack, without a copy, if they are one string with the head. */
const SHORT_BYTES = 15 * 1024;

const unexpected = new Refusal('INTERNAL_SERVER_ERROR');

/** A Request of Node that is collected no longer follows the signal of its `init`: each is kept as long as its answer. */
const followed = new WeakMap<AbortSignal, Request>();

/** @param completeWithinMs milliseconds in which the response must be complete, if it is to be read as a whole */
export function createRequestHandler(
  served: Pick<Served, 'handleRequest'>,
  journal: Pick<Journal, 'failed'>,
  completeWithinMs?: number,
): RequestHandler {
  return async (request, context) => {
    // Yoga gives its plugins a copy.
    const requestId = requestIdOf(request.headers.get('x-request-id'));
    try {
      const response = await served.handleRequest(request, { ...context, requestId });
      return completeWithinMs === undefined ? response : await readWhole(response, completeWithinMs);
    } catch (error) {
      journal.failed(error, { requestId }, request.signal.aborted);
      return unexpected.response(requestId, globalThis);
    }
  };
}

/**
 * Refuses requests that are malformed or for hosts that are not served, before Yoga and any plugin see them.
 *
 * @param isUrgent whether a target is for operators, whose requests never wait for others
 */
export function createHandlers(
  served: Served,
  serves: HostCheck,
  journal: Pick<Journal, 'refused' | 'failed'>,
  isUrgent: (target: string) => boolean,
): Handlers {
  const answer = createRequestHandler(served, journal);
  const refuse = (refusal: Refusal, sentId: unknown): string => {
    const requestId = requestIdOf(sentId);
    journal.refused(refusal, { requestId });
    return requestId;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const controller = new AbortController();
    // Also after a complete answer, since a plugin may have replaced a stream, which would not end otherwise.
    response.once('close', () => controller.abort(REQUEST_ENDED));
    const sentType = request.headers['content-type'];
    const context: GatewayContext = { req: request, res: response, sentType, signal: controller.signal };
    const fail: Fail = (error) => {
      const { requestId = requestIdOf(request.headers['x-request-id']) } = context;
      journal.failed(error, { requestId }, response.destroyed);
      if (response.headersSent) response.destroy();
      else unexpected.send(response, requestId);
    };
    try {
      const answered = await served.handleNodeRequestAndResponse(request, response, context);
      await send(answered, request, response, fail);
    } catch (error) {
      fail(error);
    }
  };
  return {
    async fetch(request) {
      const refusal = checkHost(new URL(request.url).host, serves);
      if (refusal !== undefined)
        return refusal.response(refuse(refusal, request.headers.get('x-request-id')), globalThis);
      const controller = new AbortController();
      const end = (): void => controller.abort(REQUEST_ENDED);
      followed.set(controller.signal, request);
      // Not by `AbortSignal.any`, which accepts no signals of frameworks.
      addAbortListener(request.signal, end);
      return standardResponse(await answer(request, { signal: controller.signal }), end);
    },
    listener(request: FrameworkRequest, response) {
      // The client may have disconnected while a framework had the request: no further event would end it.
      if (request.socket.destroyed) return;
      const { url = '', method, originalUrl = url, headers } = request;
      const refusal = checkHead(request, originalUrl, serves);
      if (refusal !== undefined) return refusal.send(response, refuse(refusal, headers['x-request-id']));
      // In a burst, requests without a body wait before anything is made for them, but for those of operators.
      const turn = method === 'POST' || isUrgent(url) ? undefined : turnOfRequest();
      if (turn === undefined) void serve(request, response);
      else void turn.then(() => (response.destroyed ? undefined : serve(request, response)));
    },
  };
}

/** Sends a response; a complete body in one write, without waiting until the client has read it. */
async function send(
  answer: Response,
  request: IncomingMessage,
  response: ServerResponse,
  fail: Fail,
): Promise<void> {
  // The client has disconnected. Yoga's events of a single result would have a timer for ever.
  if (response.destroyed || response.writableEnded) return void nodeStreamOf(answer)?.destroy();
  const body = rawBodyOf(answer);
  if (body === undefined) {
    const stream = nodeStreamOf(answer)?.on('error', fail);
    const { status, statusText, headers } = answer;
    const sent: unknown = answer instanceof Response ? { status, statusText, headers, body: stream } : answer;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- As much of a response as is read.
    return sendNodeResponse(sent as Response, response, request, true);
  }
  const headers: Record<string, string | string[]> = {};
  answer.headers.forEach((value, name) => {
    headers[name] = name === 'set-cookie' ? answer.headers.getSetCookie() : value;
  });
  if (body instanceof Uint8Array) {
    response.writeHead(answer.status, headers);
    // Sockets that are none of Node's may take any string for UTF-8.
    if (body.length > SHORT_BYTES || !(request.socket instanceof Socket)) return void response.end(body);
    const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');
    return void response.end(text, 'latin1');
  }
  // No further request is read from its connection, see `connections.ts`.
  response.writeHead(answer.status, { ...headers, connection: 'close' });
  request.socket.setTimeout(0).setKeepAlive(true);
  if (request.complete) request.socket.emit(LAST_REQUEST);
  // Node keeps the head, which it joined from 50 strings, as these 50 until it is searched.
  const head: unknown = Reflect.get(response, '_header');
  if (typeof head === 'string') head.search(/\n/);
  // Not awaited: all that the request needed would stay as long as the stream.
  sendChunks(body, response, fail).catch(fail);
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
