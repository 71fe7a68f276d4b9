import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type BrowserPage, createBrowserPage, type StaticFile } from '../static/browser-page.ts';
import { SECURITY_HEADERS, staticFile } from '../static/static-file.ts';

/** The options that are written into the page, where anyone can read them. */
export interface ExplorerOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly requiresToken: boolean;
  readonly hasSampleRuns: boolean;
}

/** Allows only the gateway's scripts, which reach nothing but the gateway, and never parse a text as HTML. */
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
/** What `npm run bundle` makes: a module and a style sheet. */
const BUNDLE = new URL('bundle/', import.meta.url);
const TYPES = { 'explorer.js': 'javascript', 'explorer.css': 'css' } as const;
const NOT_BUNDLED = {
  status: 503,
  headers: { ...SECURITY_HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'The page is not bundled. Run: npm run bundle\n',
};
/** The path of the files below the root of the pages; the digest of each follows. */
const FILES = '/explorer/';
const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-cache',
  vary: 'accept, accept-encoding',
};
const PAGE_BELOW = /^\/(?:runs|agents|conversations)\/[^/]+$/;

/**
 * Serves the explorer: a page of runs at the root, of conversations at `/conversations`, of a single object at
 * `/runs/<id>`, `/agents/<id>` and `/conversations/<id>`, and files that browsers cache. All addresses are relative, so
 * that a proxy may serve it below any path.
 *
 * @param bundle the folder of the files; without them, the response is 503 with the command that makes them
 */
export function createExplorer(options: ExplorerOptions, bundle = BUNDLE): BrowserPage {
  const load = async () => {
    const site = await loadSite(options, bundle);
    return (path: string) =>
      site.get(path === '/conversations' ? '/' : PAGE_BELOW.test(path) ? '/:kind/:id' : path);
  };
  const page = createBrowserPage(load, (path) => path.startsWith(FILES));
  return async (headers, path) => {
    try {
      return await page(headers, path);
    } catch (error) {
      if (Object(error).code !== 'ENOENT') throw error;
      return NOT_BUNDLED;
    }
  };
}

/** Loads the files and pages by their paths. All ids share a page. */
async function loadSite(
  { endpoint, ...options }: ExplorerOptions,
  bundle: URL,
): Promise<ReadonlyMap<string, StaticFile>> {
  const template = await readFile(new URL('browser/explorer.html', import.meta.url), 'utf8');
  const files = await Promise.all(
    Object.entries(TYPES).map(async ([name, type]) => {
      const text = await readFile(new URL(name, bundle), 'utf8');
      const digest = hash('sha256', text, 'base64url').slice(0, 16);
      return { path: `${FILES}${digest}/${name}`, type, file: staticFile(type, text, FILE_HEADERS) };
    }),
  );
  // Escaped, so that no text can end the script element.
  const json = JSON.stringify({ ...options, endpoint: endpoint.slice(1) }).replaceAll('<', '\\u003c');
  /** @param root the relative path from the page to the root */
  const pageAt = (root: string): StaticFile => {
    const elements = files.map(({ path, type }) =>
      type === 'css'
        ? `<link rel="stylesheet" href="${root}${path}" />`
        : `<script type="module" src="${root}${path}"></script>`,
    );
    const page = template.replace('<!-- files -->', elements.join('\n    ')).replace('{}', () => json);
    return staticFile('html', page, PAGE_HEADERS);
  };
  return new Map([
    ...files.map(({ path, file }) => [path, file] as const),
    ['/', pageAt('.')],
    ['/:kind/:id', pageAt('..')],
  ]);
}
