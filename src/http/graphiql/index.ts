import { readdir, readFile } from 'node:fs/promises';
import { unknownFile } from '../server/failure.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import type { HttpRequest } from '../server/http-request.ts';
import { acceptsHtml } from '../server/request-headers.ts';
import { type StaticFile, staticFile } from './static-file.ts';

/** Answers a GET or HEAD by a browser, or for a file of GraphiQL; undefined for any other. */
export type Graphiql = (request: HttpRequest, requestId: string) => Promise<HttpAnswer | undefined>;

/**
 * The page may run only the gateway's own scripts, and reach nothing but the gateway. The editor writes
 * its styles into the page, and its fonts are part of its style sheet.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'public, max-age=31536000, immutable',
};
// Others get GraphQL at this address.
const PAGE_HEADERS = { ...FILE_HEADERS, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };

/**
 * The parameter that names a file of GraphiQL. A path of its own for each file would not reach a
 * gateway whose app or proxy passes on just the path of GraphQL.
 */
const FILE_PARAMETER = 'graphiql=';

interface Site {
  readonly page: StaticFile;
  /** By name. */
  readonly files: ReadonlyMap<string, StaticFile>;
}

/**
 * GraphiQL: a small page, and files that browsers keep.
 *
 * @param requiresToken whether the page has to ask for an access token
 */
export function createGraphiql({ requiresToken }: { readonly requiresToken: boolean }): Graphiql {
  /** Files of several megabytes: loaded when GraphiQL is first opened. */
  let loaded: Promise<Site> | undefined;
  const load = (): Promise<Site> =>
    (loaded ??= loadSite(requiresToken).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
  return async ({ method, search, headers }, requestId) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (search.startsWith(FILE_PARAMETER) && !search.includes('&')) {
      const file = (await load()).files.get(search.slice(FILE_PARAMETER.length));
      return file === undefined ? unknownFile(requestId) : file.answer(headers);
    }
    return acceptsHtml(headers.accept) ? (await load()).page.answer(headers) : undefined;
  };
}

async function loadSite(requiresToken: boolean): Promise<Site> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const texts = {
    'token.js': await readTokenScript(),
    'start.js': await readOwn('browser/start.js'),
    'page.css': await readOwn('browser/page.css'),
    'graphiql.js': graphiql.js,
    'graphiql.css': graphiql.css,
    'editor-worker.js': graphiql.editorWorkerService,
    'json-worker.js': graphiql.jsonWorker,
    'graphql-worker.js': graphiql.graphqlWorker,
  };
  // Nothing in a text can end the element that holds it.
  const options = JSON.stringify({ queries: await readExampleQueries(), requiresToken });
  let page = (await readOwn('browser/page.html')).replace('{}', () => options.replaceAll('<', '\\u003c'));
  const files = new Map<string, StaticFile>();
  for (const [name, text] of Object.entries(texts)) {
    const file = staticFile(name, text, FILE_HEADERS);
    files.set(file.name, file);
    page = page.replace(`="${name}"`, `="?${FILE_PARAMETER}${file.name}"`);
  }
  return { page: staticFile('page.html', page, PAGE_HEADERS), files };
}

/** Returns the operations in the tabs of GraphiQL, for those who open it for the first time. */
export async function readExampleQueries(): Promise<readonly string[]> {
  const names = await readdir(new URL('examples/', import.meta.url));
  return Promise.all(names.toSorted().map((name) => readOwn(`examples/${name}`)));
}

/** Returns the script that asks for an access token, for other pages. */
export function readTokenScript(): Promise<string> {
  return readOwn('browser/token.js');
}

function readOwn(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
