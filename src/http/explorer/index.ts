import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path/posix';
import { readTokenScript } from '../graphiql/index.ts';
import { type StaticFile, staticFile } from '../graphiql/static-file.ts';
import { unknownFile } from '../server/failure.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import type { HttpRequest } from '../server/http-request.ts';
import { acceptsHtml } from '../server/request-headers.ts';

/** Answers a GET or HEAD of the explorer's pages and files; undefined for any other path. */
export type Explorer = (request: HttpRequest, requestId: string) => Promise<HttpAnswer> | undefined;

/** What the page is told of the gateway. Anybody can read it. */
export interface ExplorerOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly requiresToken: boolean;
  /** Whether the schema has no mutations. */
  readonly isReadOnly: boolean;
  /** Whether the runs are samples. */
  readonly hasSampleRuns: boolean;
}

/** The page runs the gateway's own scripts, reaches nothing but the gateway, and never parses a text as HTML. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const FILE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'public, max-age=31536000, immutable',
};
const PAGE_HEADERS = { ...FILE_HEADERS, 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };

/** Where the files are, below the root of the pages. A digest of all of them follows. */
const FILES = '/explorer/';
const PAGE_OF_A_RUN = /^\/runs\/[^/]+$/;

/** The packages that the scripts import, and where each is found. */
const LIBRARIES: Readonly<Record<string, string>> = {
  preact: 'preact',
  'preact/hooks': 'preact/hooks',
  htm: 'htm',
  uplot: 'uplot/dist/uPlot.esm.js',
};
const IMPORT = /\b(from|import)\s*(["'])([\w/]+)\2/g;
/** Scripts that aren't needed before the first runs are shown. */
const LATER = /^lib\/uplot\.js$|^chart\.js$/;

interface Site {
  /** By their depth below the root. */
  readonly pages: readonly [StaticFile, StaticFile];
  /** By path. */
  readonly files: ReadonlyMap<string, StaticFile>;
}

/**
 * The explorer: a page of runs at the root, one of each run at `/runs/<id>`, and files that browsers keep. All addresses
 * in it are relative, so it also works behind a proxy that serves it below a path of its own.
 */
export function createExplorer(options: ExplorerOptions): Explorer {
  let loaded: Promise<Site> | undefined;
  const load = (): Promise<Site> =>
    (loaded ??= loadSite(options).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
  return ({ path: target, headers }, requestId) => {
    if (target.startsWith(FILES)) {
      return load().then(({ files }) => files.get(target)?.answer(headers) ?? unknownFile(requestId));
    }
    const depth = target === '/' ? 0 : 1;
    if (!acceptsHtml(headers.accept) || (depth === 1 && !PAGE_OF_A_RUN.test(target))) return undefined;
    return load().then(({ pages }) => pages[depth].answer(headers));
  };
}

/** Returns the documents that the explorer sends, by name. */
export async function readExplorerDocuments(): Promise<Readonly<Record<string, string>>> {
  const folder = new URL('documents/', import.meta.url);
  const names = globSync('*.graphql', { cwd: folder }).toSorted();
  const texts = names.map(async (name) => [
    path.parse(name).name,
    await readFile(new URL(name, folder), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

async function loadSite({ endpoint, ...options }: ExplorerOptions): Promise<Site> {
  const texts = await readTexts();
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 16);
  const folder = `${FILES}${digest}/`;
  const files = new Map(
    Object.entries(texts).map(([name, text]) => [folder + name, staticFile(name, text, FILE_HEADERS)]),
  );
  const template = await readFile(new URL('browser/explorer.html', import.meta.url), 'utf8');
  const first = Object.keys(texts).filter((name) => /(?<!^token)\.js$/.test(name) && !LATER.test(name));
  const pageAt = (root: string): StaticFile => {
    const at = `${root}${folder.slice(1)}`;
    const preload = first.map((name) => `<link rel="modulepreload" href="${at}${name}" />`).join('\n    ');
    // Nothing in a text can end the element that holds it.
    const json = JSON.stringify({ ...options, endpoint: endpoint.slice(1) }).replaceAll('<', '\\u003c');
    const page = template
      .replaceAll('files/', at)
      .replace('<!-- preload -->', preload)
      .replace('{}', () => json);
    return staticFile('explorer.html', page, PAGE_HEADERS);
  };
  return { pages: [pageAt('./'), pageAt('../')], files };
}

/** Returns the texts of all files, by path. */
async function readTexts(): Promise<Readonly<Record<string, string>>> {
  const own = new URL('browser/', import.meta.url);
  const names = globSync('**/*.{js,css}', { cwd: own }).toSorted();
  const documents = await readExplorerDocuments();
  const texts: Record<string, string> = {
    'token.js': await readTokenScript(),
    'documents.js': `export default ${JSON.stringify(documents)};`,
    'uplot.css': await readFile(new URL(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8'),
  };
  for (const name of names) texts[name] = await readFile(new URL(name, own), 'utf8');
  for (const [name, specifier] of Object.entries(LIBRARIES)) {
    texts[`lib/${name}.js`] = await readFile(new URL(import.meta.resolve(specifier)), 'utf8');
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, withPaths(name, text)]));
}

/** Browsers know no packages: their names become paths. */
function withPaths(file: string, text: string): string {
  if (!file.endsWith('.js')) return text;
  return text.replace(IMPORT, (found, word: string, quote: string, name: string) =>
    LIBRARIES[name] === undefined
      ? found
      : `${word} ${quote}${'../'.repeat(file.split('/').length - 1) || './'}lib/${name}.js${quote}`,
  );
}
