import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import { MAX_BODY_BYTES } from '../graphql/yoga.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type FrameworkRequest, readBody } from './request-body.ts';

/** A request listener for Node's http module and frameworks built on it. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** A GraphQL request that takes the fast path, as nearly all do: a POST of JSON, or a GET. */
export interface PlainNodeRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the query string. */
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

export interface NodeListenerOptions {
  /** The path of GraphQL; undefined if it is not served. */
  readonly endpoint: string | undefined;
  readonly answerPlain: (request: PlainNodeRequest) => Promise<HttpAnswer>;
  /** Handles all other requests. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Creates a request listener. Converting to `Request` and from `Response` costs more than the rest
 * of a small request, so plain requests skip it.
 */
export function createNodeListener({ endpoint, answerPlain, fetch }: NodeListenerOptions): NodeListener {
  const adapter = createServerAdapter(fetch);
  // Targets start with a slash, so nothing is equal to an endpoint that is missing.
  const searchStart = `${endpoint ?? ''}?`;

  const servePlain = async (request: FrameworkRequest, response: ServerResponse, target: string) => {
    const client = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) client.abort();
    });
    const { headers } = request;
    const method = request.method === 'GET' ? 'GET' : 'POST';
    const text = method === 'GET' ? target.slice(searchStart.length) : await readBody(request);
    if (text === undefined) return respondWithError(response, 500, BODY_TAKEN);
    // The request was aborted: there is no one to respond to.
    if (text === null) return void response.destroy();
    const answer = await answerPlain({ method, text, headers, signal: client.signal });
    if (client.signal.aborted) return;
    const length = answer.body.reduce((sum, part) => sum + part.length, 0);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
    for (const part of answer.body.slice(0, -1)) response.write(part);
    response.end(answer.body.at(-1));
  };

  return (request: FrameworkRequest, response) => {
    const target = request.originalUrl ?? request.url ?? '';
    const isPlain =
      target === endpoint
        ? isPlainPost(request)
        : target.startsWith(searchStart) && isPlainGet(request) && hasValidTarget(request, target);
    if (isPlain) void servePlain(request, response, target);
    else if (hasValidTarget(request, target)) void adapter(request, response);
    else respondWithError(response, 400, 'Invalid request target.');
  };
}

const BODY_TAKEN =
  'The request body was already read, and request.body is not set. Mount the gateway before whatever reads the body.';

function respondWithError(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error }));
}

/** Whether host and path form a valid URL, which `Request` requires. */
function hasValidTarget({ headers: { host = 'localhost' } }: IncomingMessage, target: string): boolean {
  return target.startsWith('/') && URL.canParse(`http://${host}${target}`);
}

function isPlainPost({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    headers['content-type']?.startsWith('application/json') === true &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length'] ?? Number.NaN) <= MAX_BODY_BYTES
  );
}

/** Browsers are excluded: they get GraphiQL. */
function isPlainGet({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') !== true;
}
