import { errorReply, redirectReply, type Reply } from './reply.ts';

export interface ApiRequest {
  readonly method: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case; of a repeated header the first value. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Scheme and authority as the client sees them, for absolute redirects. */
  readonly origin: string;
}

/** What a route answers that reads the body of the request. Called at most once. */
export interface AwaitingBody {
  readonly answer: (body: Uint8Array) => Reply;
}

export interface Route {
  readonly method: string;
  /** A name in braces stands for one segment, at most one of the path. */
  readonly path: string;
  /** Set if the path has no version in front. */
  readonly isRoot?: true;
  /** Absent for a route that isn't served, of which Letta tells whoever asks its path by another method. */
  readonly handle?: (request: ApiRequest, id: string) => Reply | AwaitingBody;
}

/** Letta serves every other route under both. */
const VERSIONS = '/(?:v1|latest)';

/**
 * Creates a router like Starlette's: the first route with the path and method wins; a path with another method
 * is a 405 that names the method of the first such route; a path that matches but for a trailing slash is a 307.
 * A line break at the end is overlooked, because in Python `$` matches before one.
 */
export function createRouter(routes: readonly Route[]): (request: ApiRequest) => Reply | AwaitingBody {
  const table = routes.map((route) => ({
    route,
    pattern: new RegExp(
      `^${route.isRoot ? '' : VERSIONS}${route.path.replace(/\{\w+\}/, '(?<id>[^/]+)')}\\n?$`,
    ),
  }));
  return (request) => {
    const matches = table.flatMap(({ route, pattern }) => {
      const match = pattern.exec(request.path);
      return match === null ? [] : [{ route, id: match.groups?.id ?? '' }];
    });
    const isAsked = ({ route }: (typeof matches)[number]): boolean => route.method === request.method;
    const found = matches.find((match) => isAsked(match) && match.route.handle !== undefined);
    if (found?.route.handle) return found.route.handle(request, found.id);
    const partial = matches.find((match) => !isAsked(match));
    if (partial) return errorReply(405, 'Method Not Allowed', { allow: partial.route.method });
    const other = request.path.endsWith('/') ? request.path.replace(/\/+$/, '') : `${request.path}/`;
    if (table.some(({ pattern }) => pattern.test(other))) return redirect(request, other);
    return errorReply(404, 'Not Found');
  };
}

function redirect({ origin, query }: ApiRequest, path: string): Reply {
  return redirectReply(`${origin}${path}${query === '' ? '' : `?${query}`}`);
}
