import { readFile } from 'node:fs/promises';
import { EXAMPLE_QUERIES } from './example-queries.ts';
import { graphiqlPage } from './page.ts';
import { type StaticFile, staticFile } from './static-file.ts';

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
const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-cache',
  // Others get GraphQL at this address.
  vary: 'accept, accept-encoding',
};

/**
 * The parameter that names a file of GraphiQL. A path of its own for each file would not reach a
 * gateway whose app or proxy passes on just the path of GraphQL.
 */
export const FILE_PARAMETER = 'graphiql=';

/** The page of GraphiQL, and its files. */
export interface Site {
  readonly page: StaticFile;
  /** By name. */
  readonly files: ReadonlyMap<string, StaticFile>;
}

/**
 * Loads the files, of several megabytes: only for those who open GraphiQL.
 *
 * @param requiresToken whether the page has to ask for an access token
 */
export async function loadSite(requiresToken: boolean): Promise<Site> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const parts = {
    start: await ownFile('start.js'),
    app: file('graphiql.js', graphiql.js),
    ownStyle: await ownFile('page.css'),
    appStyle: file('graphiql.css', graphiql.css),
    editor: file('editor-worker.js', graphiql.editorWorkerService),
    json: file('json-worker.js', graphiql.jsonWorker),
    graphql: file('graphql-worker.js', graphiql.graphqlWorker),
  };
  const page = graphiqlPage({
    title: 'runs-gateway',
    styles: [parts.appStyle, parts.ownStyle].map(addressOf),
    scripts: [parts.start, parts.app].map(addressOf),
    options: {
      queries: EXAMPLE_QUERIES,
      requiresToken,
      workers: {
        editorWorkerService: addressOf(parts.editor),
        json: addressOf(parts.json),
        graphql: addressOf(parts.graphql),
      },
    },
  });
  return {
    page: staticFile('graphiql.html', page, PAGE_HEADERS),
    files: new Map(Object.values(parts).map((part) => [part.name, part])),
  };
}

function file(name: string, text: string): StaticFile {
  return staticFile(name, text, FILE_HEADERS);
}

/** Reads a file of the gateway's own. */
async function ownFile(name: string): Promise<StaticFile> {
  return file(name, await readFile(new URL(`browser/${name}`, import.meta.url), 'utf8'));
}

function addressOf({ name }: StaticFile): string {
  return `?${FILE_PARAMETER}${name}`;
}
