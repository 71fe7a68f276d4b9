import type { Journal } from '../../observability/journal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import { acceptsHtml, type BrowserPage } from '../../static/browser-page.ts';
import { answerByPage } from '../browser-pages.ts';
import type { Cors } from './cors.ts';
import type { ReservedPath } from './endpoint.ts';
import { internalError, methodNotAllowed, notFound, overloaded } from './failure.ts';
import { type HttpAnswer, jsonAnswer, lengthOf } from './http-answer.ts';
import type { HttpRequest, Route } from './http-request.ts';

/** Answers a request, with all headers but those of the connection. Never rejects. */
export type Handler = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HandlerOptions {
  /** GraphQL and its path, which is no `ReservedPath`. If it is missing, so is the path. */
  readonly graphql?: readonly [path: string, Route];
  readonly ready: Route;
  /** If it is missing, so is the path. */
  readonly metrics: Route | undefined;
  /** The same. */
  /** The explorer. Without it, browsers are sent from the root to GraphiQL. */
  readonly explorer?: BrowserPage | undefined;
  readonly cors: Cors;
  readonly journal: Pick<Journal, 'failed'>;
}

/**
 * Dispatches requests by path, with 404 for any other. Does what all requests have in common as well: answers
 * preflights, and enters the answer in the account of memory.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { graphql, ready, metrics, explorer, cors, journal } = options;
  const routes = new Map<string, Route>(graphql && [graphql]);
  const own: Record<ReservedPath, Route | undefined> = {
    '/health': health,
    '/ready': ready,
    '/metrics': metrics,
  };
  for (const [path, route] of Object.entries(own)) {
    if (route !== undefined)
      routes.set(path, (request, id) => (isRead(request) ? route(request, id) : onlyRead(id)));
  }
  const missing = notFound([...(explorer === undefined ? [] : ['/ (for browsers)']), ...routes.keys()]);

  const route: Route = (request, requestId) => {
    const { path, headers } = request;
    const found = cors.preflight(request) ?? routes.get(path)?.(request, requestId);
    if (found !== undefined) return found;
    if (!isRead(request)) return missing(requestId);
    if (explorer !== undefined) {
      return answerByPage(explorer, request).then((answer) => answer ?? missing(requestId));
    }
    if (graphql === undefined || path !== '/' || !acceptsHtml(headers.accept)) return missing(requestId);
    return { status: 307, headers: { location: graphql[0], vary: 'accept' }, body: [] };
  };
  const answerTo = async (request: HttpRequest, requestId: string): Promise<HttpAnswer> => {
    try {
      return await route(request, requestId);
    } catch (error) {
      journal.failed(error, { requestId }, request.signal.aborted);
      return internalError(requestId);
    }
  };

  return async (request) => {
    const { headers, client } = request;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]);
    const answered = await answerTo(request, requestId);
    const answer = client.hold(lengthOf(answered.body)) ? answered : overloaded(requestId);
    const common = cors.headersFor(headers.origin);
    // The headers of the answer win, except that `vary` is that of both.
    const all: Record<string, string> = { ...common, ...answer.headers, [REQUEST_ID_HEADER]: requestId };
    const { vary } = common;
    if (vary !== undefined && answer.headers['vary'] !== undefined) {
      all['vary'] = `${vary}, ${answer.headers['vary']}`;
    }
    return { ...answer, headers: all };
  };
}

const health: Route = () => jsonAnswer(200, { status: 'ok' });
const onlyRead = methodNotAllowed('GET, HEAD');

function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
