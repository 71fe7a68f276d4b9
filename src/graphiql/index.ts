import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type BrowserPage, createBrowserPage, type StaticFile } from '../static/browser-page.ts';
import { staticFile } from '../static/static-file.ts';

/** A pressed tab would move from under the pointer, so that another element gets the click. */
const STYLE = '<style>.graphiql-tab { transform: none !important; }</style>';

/**
 * Serves Yoga's GraphiQL, a page without further files, to browsers at the path of GraphQL. It ignores the query of the
 * address, so a link can show an operation, but not execute it.
 *
 * @param requiresToken whether requests need an access token; if so, the tabs have a header for it
 */
export function createGraphiql(requiresToken: boolean): BrowserPage {
  // At the first request, since the page has several megabytes.
  return createBrowserPage(async () => {
    const page = await loadPage(requiresToken);
    return () => page;
  });
}

async function loadPage(requiresToken: boolean): Promise<StaticFile> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const tokenHeaders = requiresToken && { headers: JSON.stringify({ Authorization: 'Bearer ' }) };
  const queries = await readExampleQueries();
  const rendered = renderGraphiQL({
    title: 'runs-gateway',
    ...tokenHeaders,
    defaultTabs: queries.map((query) => ({ query, ...tokenHeaders })),
    defaultEditorToolsVisibility: requiresToken ? 'headers' : false,
    // Tokens must not be stored.
    shouldPersistHeaders: false,
  });
  const page = rendered.replace('</head>', `${STYLE}</head>`);
  return staticFile('html', page, {
    'content-security-policy': policyFor(page),
    'cache-control': 'no-cache',
    // The same address serves GraphQL to programs.
    vary: 'accept, accept-encoding',
  });
}

/**
 * Allows only the script of the page, which reaches nothing but the gateway. Its editor creates workers from blobs, and
 * inline styles.
 */
function policyFor(page: string): string {
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, text = '']) => `'sha256-${hash('sha256', text, 'base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    'worker-src blob:',
    "connect-src 'self'",
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Returns the operations in the tabs of GraphiQL when it is opened for the first time. */
export async function readExampleQueries(): Promise<readonly string[]> {
  const folder = new URL('examples/', import.meta.url);
  const names = await readdir(folder);
  return Promise.all(names.toSorted().map((name) => readFile(new URL(name, folder), 'utf8')));
}
