import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import type { Gateway } from './gateway.ts';
import { MAX_BODY_BYTES } from './graphql-handler.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Milliseconds that answers under way get when the listener is disposed of. @default 10000 */
  readonly drainTimeoutMs?: number;
}

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
}

type Target = Pick<Gateway, 'fetch' | 'answerPost'>;

/**
 * Serves a gateway over HTTP. Disposing stops accepting, and resolves when all that was accepted
 * has been answered, or when the time for that is over and the rest has been cut off.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  target: Target,
  { host, port, drainTimeoutMs = 10_000 }: ListenOptions,
): Promise<Listener> {
  const adapter = createServerAdapter(target.fetch);
  const serveAnything = (request: IncomingMessage, response: ServerResponse): unknown => {
    if (hasAddress(request)) return adapter(request, response);
    response.writeHead(400, { 'content-type': 'application/json', connection: 'close' });
    return response.end('{"error":"The address of the request makes no sense."}');
  };
  let draining = false;
  const server = createServer((request, response) => {
    // A client that keeps its connection would be cut off in the middle of its next request.
    if (draining) response.setHeader('connection', 'close');
    if (isShortPost(request)) void servePost(target, request, response, serveAnything);
    else void serveAnything(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    [Symbol.asyncDispose]() {
      draining = true;
      return close(server, drainTimeoutMs);
    },
  };
}

/** Whether host and path make a URL, as the fetch standard needs one. */
function hasAddress({ url = '', headers: { host = 'localhost' } }: IncomingMessage): boolean {
  return url.startsWith('/') && URL.canParse(`http://${host}${url}`);
}

/**
 * Whether a request is one of those that nearly all are. For them, making objects of the fetch
 * standard, and taking them apart again, cost more than the rest of a small answer.
 */
function isShortPost({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    headers['content-type']?.startsWith('application/json') === true &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length'] ?? Number.NaN) <= MAX_BODY_BYTES
  );
}

async function servePost(
  target: Target,
  request: IncomingMessage & { body?: string },
  response: ServerResponse,
  serveAnything: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<void> {
  const caller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) caller.abort();
  });
  const body = await readBody(request);
  // The request broke off: there is nobody to answer.
  if (body === undefined) return void response.destroy();
  const { accept, authorization } = request.headers;
  const requestId = request.headers['x-request-id']?.toString();
  const answer = await target.answerPost({ body, accept, authorization, requestId, signal: caller.signal });
  if (caller.signal.aborted) return;
  if (answer === undefined) {
    // The adapter takes a body that was read already from here.
    request.body = body;
    await serveAnything(request, response);
  } else {
    const [head, rest] = answer.body;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': head.length + rest.length });
    if (head.length > 0) response.write(head);
    response.end(rest);
  }
}

/** Undefined when the request breaks off. By events: an iterator took longer than a small body. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [first] = pieces;
      resolve((pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)).toString('utf8'));
    });
    request.on('error', () => resolve(undefined));
    // Also behind the end, where it changes nothing any more.
    request.on('close', () => resolve(undefined));
  });
}

async function close(server: Server, drainTimeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections become idle one by one as their answers end.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const fuse = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(fuse);
}
