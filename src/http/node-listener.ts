import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import { MAX_BODY_BYTES } from '../graphql/yoga.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type FrameworkRequest, readBody } from './request-body.ts';

/** What a listener of Node's http module calls for each request; frameworks over it may, too. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** A request for GraphQL that is as nearly all are: a POST of JSON, or a GET. */
export interface PlainNodeRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the search of the address. */
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

export interface NodeListenerOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly answerPlain: (request: PlainNodeRequest) => Promise<HttpAnswer>;
  /** Answers all others. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Serves requests as Node has them. Making objects of the fetch standard, and taking them apart
 * again, costs more than the rest of a small answer, so plain requests do without.
 */
export function createNodeListener({ endpoint, answerPlain, fetch }: NodeListenerOptions): NodeListener {
  const adapter = createServerAdapter(fetch);
  const searchStart = `${endpoint}?`;

  const servePlain = async (request: FrameworkRequest, response: ServerResponse, target: string) => {
    const client = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) client.abort();
    });
    const { headers } = request;
    const method = request.method === 'GET' ? 'GET' : 'POST';
    const text = method === 'GET' ? target.slice(searchStart.length) : await readBody(request);
    if (text === undefined) return refuse(response, 500, BODY_TAKEN);
    // The request broke off: there is nobody to answer.
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
    else refuse(response, 400, 'Invalid request target.');
  };
}

const BODY_TAKEN =
  'Something has read the body before the gateway, and left nothing in request.body. Give the request to the gateway first.';

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error }));
}

/** Whether host and path make a URL, as the fetch standard needs one. */
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

/** Browsers are shown a page instead. */
function isPlainGet({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') !== true;
}
