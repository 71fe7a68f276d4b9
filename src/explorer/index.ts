import { hash } from 'node:crypto';
import { type BrowserPage, createBrowserPage, type StaticFile } from '../static/browser-page.ts';
import { staticFile } from '../static/static-file.ts';
import { MAIN, PACKAGES, readExplorerFiles } from './browser-files.ts';

/** The options that are written into the page, where anyone can read them. */
export interface ExplorerOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly requiresToken: boolean;
  /** Whether the runs are samples. */
  readonly hasSampleRuns: boolean;
}

/** Allows only the gateway's scripts, which reach nothing but the gateway, and never parse a text as HTML. */
const policyOf = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${scripts}`.trim(),
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
  'content-security-policy': policyOf(''),
  'cache-control': 'public, max-age=31536000, immutable',
};
/** The path of the files below the root of the pages; the digest of all files follows. */
const FILES = '/explorer/';
const PAGE_HEADERS = { 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };
const PAGE_BELOW = /^\/(?:runs|agents|conversations)\/[^/]+$/;

/**
 * Serves the explorer: a page of runs at the root, pages of a run, an agent or a conversation at `/runs/<id>`,
 * `/agents/<id>` and `/conversations/<id>`, and files that browsers cache.
 * All its addresses are relative, so a proxy may serve it below any path.
 */
export function createExplorer(options: ExplorerOptions): BrowserPage {
  const load = async () => {
    const site = await loadSite(options);
    return (path: string) => site.get(PAGE_BELOW.test(path) ? '/:kind/:id' : path);
  };
  return createBrowserPage(load, (path) => path.startsWith(FILES));
}

/** Loads the files and pages by their paths. All ids share a page. */
async function loadSite({ endpoint, ...options }: ExplorerOptions): Promise<ReadonlyMap<string, StaticFile>> {
  const { texts, template } = await readExplorerFiles();
  const digest = hash('sha256', JSON.stringify([...texts]), 'base64url').slice(0, 16);
  const files = [...texts].map(([name, text]) => {
    const type = name.endsWith('.css') ? 'css' : 'javascript';
    return [`${FILES}${digest}/${name}`, staticFile(type, text, FILE_HEADERS)] as const;
  });
  // Escaped, so that no text can end the script element.
  const json = JSON.stringify({ ...options, endpoint: endpoint.slice(1) }).replaceAll('<', '\\u003c');
  /** @param root the relative path from the page to the root */
  const pageAt = (root: string): StaticFile => {
    const folder = `${root}${FILES}${digest}/`;
    const imports = Object.fromEntries([...PACKAGES].map(([name, file]) => [name, folder + file]));
    const map = JSON.stringify({ imports });
    const elements = [
      // Older browsers ignore an import map after the first module.
      `<script type="importmap">${map}</script>`,
      ...[...texts.keys()].map(
        (name) =>
          `<link rel="${name.endsWith('.css') ? 'stylesheet' : 'modulepreload'}" href="${folder}${name}" />`,
      ),
      `<script type="module" src="${folder}${MAIN}"></script>`,
    ];
    const page = template.replace('<!-- files -->', elements.join('\n    ')).replace('{}', () => json);
    return staticFile('html', page, {
      ...PAGE_HEADERS,
      'content-security-policy': policyOf(`'sha256-${hash('sha256', map, 'base64')}'`),
    });
  };
  return new Map([...files, ['/', pageAt('.')], ['/:kind/:id', pageAt('..')]]);
}
