import { createHash } from 'node:crypto';
import { acceptsHtml, type BrowserPage } from '../static/browser-page.ts';
import { type StaticFile, staticFile } from '../static/static-file.ts';
import { MAIN, readExplorerFiles } from './files.ts';

/** What the page shows of the gateway. It is public. */
export interface ExplorerOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly requiresToken: boolean;
  /** Whether the schema has no mutations. */
  readonly isReadOnly: boolean;
  /** Whether the runs are samples. */
  readonly hasSampleRuns: boolean;
}

/** The gateway's own scripts run, reach nothing but the gateway, and never parse a text as HTML. */
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
const PAGE_HEADERS = { 'cache-control': 'no-cache', vary: 'accept, accept-encoding' };

/** Where the files are, below the root of the pages. A digest of all of them follows. */
const FILES = '/explorer/';
const PAGE_OF_A_RUN = /^\/runs\/[^/]+$/;

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
export function createExplorer(options: ExplorerOptions): BrowserPage {
  let loaded: Promise<Site> | undefined;
  const load = (): Promise<Site> =>
    (loaded ??= loadSite(options).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
  return {
    async answer(request) {
      const { method, path } = request;
      if (method !== 'GET' && method !== 'HEAD') return undefined;
      if (path.startsWith(FILES)) return (await load()).files.get(path)?.(request);
      const depth = path === '/' ? 0 : 1;
      if (!acceptsHtml(request.header('accept')) || (depth === 1 && !PAGE_OF_A_RUN.test(path))) {
        return undefined;
      }
      return (await load()).pages[depth](request);
    },
  };
}

async function loadSite({ endpoint, ...options }: ExplorerOptions): Promise<Site> {
  const { texts, packages, template } = await readExplorerFiles();
  const digest = createHash('sha256')
    .update(JSON.stringify([...texts]))
    .digest('base64url')
    .slice(0, 16);
  const folder = `${FILES}${digest}/`;
  const files = new Map(
    [...texts].map(([name, text]) => {
      const type = name.endsWith('.css') ? 'css' : 'javascript';
      return [folder + name, staticFile(type, text, FILE_HEADERS)];
    }),
  );
  // Nothing in a text can end the element that holds it.
  const json = JSON.stringify({ ...options, endpoint: endpoint.slice(1) }).replaceAll('<', '\\u003c');
  const pageAt = (root: string): StaticFile => {
    const at = `${root}${folder.slice(1)}`;
    const imports = Object.entries(packages).map(([name, file]) => [name, at + file]);
    const map = JSON.stringify({ imports: Object.fromEntries(imports) });
    const hash = createHash('sha256').update(map).digest('base64');
    const links = [...texts.keys()].map((name) =>
      name.endsWith('.css')
        ? `<link rel="stylesheet" href="${at}${name}" />`
        : `<link rel="modulepreload" href="${at}${name}" />`,
    );
    // Older browsers take no import map after the first module.
    const page = template
      .replace(
        '<!-- files -->',
        [
          `<script type="importmap">${map}</script>`,
          ...links,
          `<script type="module" src="${at}${MAIN}"></script>`,
        ].join('\n    '),
      )
      .replace('{}', () => json);
    return staticFile('html', page, {
      ...PAGE_HEADERS,
      'content-security-policy': policyOf(`'sha256-${hash}'`),
    });
  };
  return { pages: [pageAt('./'), pageAt('../')], files };
}
