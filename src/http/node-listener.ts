import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
import type { HttpAnswer } from './graphql-handler.ts';
import { MAX_BODY_BYTES } from './graphql-handler.ts';

/** What a listener of Node's http module calls for each request. */
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

type AnswerPlain = (request: PlainNodeRequest) => Promise<HttpAnswer>;

const GET_TARGET = '/graphql?';

/**
 * Serves requests as Node has them. Making objects of the fetch standard, and taking them apart
 * again, costs more than the rest of a small answer, so plain requests do without.
 */
export function createNodeListener(
  answerPlain: AnswerPlain,
  fetch: (request: Request) => Promise<Response>,
): NodeListener {
  const adapter = createServerAdapter(fetch);
  return (request, response) => {
    if (isPlainPost(request) || isPlainGet(request)) void servePlain(answerPlain, request, response);
    else if (hasValidTarget(request)) void adapter(request, response);
    else {
      response.writeHead(400, { 'content-type': 'application/json', connection: 'close' });
      response.end('{"error":"Invalid request target."}');
    }
  };
}

/** Whether host and path make a URL, as the fetch standard needs one. */
function hasValidTarget({ url = '', headers: { host = 'localhost' } }: IncomingMessage): boolean {
  return url.startsWith('/') && URL.canParse(`http://${host}${url}`);
}

function isPlainPost({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    headers['content-type']?.startsWith('application/json') === true &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length'] ?? Number.NaN) <= MAX_BODY_BYTES
  );
}

/** Browsers are shown a page instead. */
function isPlainGet(request: IncomingMessage): boolean {
  const { method, url = '', headers } = request;
  return (
    method === 'GET' &&
    url.startsWith(GET_TARGET) &&
    headers.accept?.includes('text/html') !== true &&
    hasValidTarget(request)
  );
}

async function servePlain(
  answerPlain: AnswerPlain,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const client = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) client.abort();
  });
  const { headers, url = '' } = request;
  const method = request.method === 'GET' ? 'GET' : 'POST';
  const text = method === 'GET' ? url.slice(GET_TARGET.length) : await readBody(request);
  // The request broke off: there is nobody to answer.
  if (text === undefined) return void response.destroy();
  const answer = await answerPlain({ method, text, headers, signal: client.signal });
  if (client.signal.aborted) return;
  const length = answer.body.reduce((sum, part) => sum + part.length, 0);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  for (const part of answer.body.slice(0, -1)) response.write(part);
  response.end(answer.body.at(-1));
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
