import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parse, validate } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createApi } from '../../../embedded-api/routes/api.ts';
import { insertSamples } from '../../../embedded-api/samples/sample-runs.ts';
import { RunStore } from '../../../embedded-api/store/run-store.ts';
import { explorerDocuments } from '../../../src/explorer/documents.ts';
import { createExplorer } from '../../../src/explorer/index.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { readExampleQueries } from '../../../src/graphiql/index.ts';
import { schema } from '../../../src/schema/index.ts';
import { createBrowserPage } from '../../../src/static/browser-page.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openGateway, openGatewayOver, UPSTREAM_URL } from '../../support/open-gateway.ts';

const HTML = { accept: 'text/html' };
const OPTIONS = { endpoint: '/graphql', requiresToken: false, hasSampleRuns: true };
const RUN = '/runs/run-00000000-0000-4000-8000-000000000001';
const MANIFEST = new URL('../../../examples/relay/__generated__/persisted-documents.json', import.meta.url)
  .pathname;
const FOREVER = 'public, max-age=31536000, immutable';

async function open(config: GatewayOptions = {}) {
  const { gateway, ...test } = await openGateway({ config });
  const send = (path: string, init?: RequestInit) =>
    gateway.fetch(new Request(`http://gateway${path}`, init));
  const page = async (path: string) => (await send(path, { headers: HTML })).text();
  return { ...test, send, page };
}

/** The files that a page names, as a browser at that address asks for them. */
function filesIn(page: string, address: string): readonly string[] {
  const names = [...page.matchAll(/(?:src|href)="(\.[^"]+)"/g)];
  const paths = names.map(([, name = '']) => new URL(name, `http://gateway${address}`));
  return [...new Set(paths.map(({ pathname, search }) => pathname + search))];
}

const LOCKED = { accessTokens: ['sesame'], apiKey: 'sk-let-secret', readOnly: true };
const SECRETS = new RegExp(`sesame|sk-let|${UPSTREAM_URL}`);

it('A page that could not be loaded is loaded by the next request, and then never again', async () => {
  const answer = { status: 200, headers: {}, body: null };
  const load = vi.fn(async () => () => async () => answer);
  load.mockRejectedValueOnce(new Error('too many open files'));
  const page = createBrowserPage(load);
  await expect(page(new Headers(HTML), '/')).rejects.toThrow('too many open files');
  for (let count = 0; count < 2; count++) expect(await page(new Headers(HTML), '/')).toBe(answer);
  expect(load).toHaveBeenCalledTimes(2);
});

describe('GraphiQL', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['identity', (body: Uint8Array) => Buffer.from(body)],
  ])('is one page by %s, the same for everybody, which browsers ask for again', async (encoding, decode) => {
    await using test = await open({ ...LOCKED, endpoint: '/api/graphql' });
    const sent = { ...HTML, 'accept-encoding': encoding };
    const { status, headers, body } = await test.send('/api/graphql', { headers: sent });
    expect(status).toBe(200);
    expect(headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('vary')).toBe('accept, accept-encoding');
    const page = decode(await new Response(body).bytes()).toString();
    expect(page.includes('"headers":"{\\"Authorization\\":\\"Bearer \\"}"')).toBe(true);
    // Tokens are gone with the tab, and the editor can start its workers.
    expect(page.includes('"shouldPersistHeaders":false')).toBe(true);
    expect(headers.get('content-security-policy')).toContain('; worker-src blob:;');
    expect(SECRETS.exec(page)).toBeNull();
    const known = { ...sent, 'if-none-match': headers.get('etag') ?? '' };
    const again = await test.send('/api/graphql', { headers: known });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const stale = { ...sent, 'if-none-match': 'W/"of-an-older-page"' };
    expect((await test.send('/api/graphql', { headers: stale })).status).toBe(200);
  });

  it('has a policy that lets it run its own script, and reach nothing but the gateway', async () => {
    await using test = await open();
    const { headers } = await test.send('/graphql?query={__typename}', { headers: HTML });
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-\S{44}'; worker-src blob:; connect-src 'self'; /,
    );
  });
});

describe.each([
  ['The explorer', '/'],
  ["The explorer's page of a run", RUN],
])('%s', (_name, address) => {
  it('is a small page for everybody, which knows no secret, and whose files browsers keep', async () => {
    await using test = await open(LOCKED);
    const response = await test.send(address, { headers: HTML });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    const page = await response.text();
    expect(page.length).toBeLessThan(10_000);
    expect(page).toContain('"requiresToken":true');
    expect(page).not.toMatch(SECRETS);
    expect(page).not.toMatch(/(?:src|href)="?https?:/);
    const files = filesIn(page, address);
    expect(files.length).toBe(2);
    let bytes = page.length;
    for (const file of files) {
      const { status, headers } = await test.send(file);
      expect([status, headers.get('cache-control')], file).toEqual([200, FOREVER]);
      const compressed = await test.send(file, { headers: { 'accept-encoding': 'gzip' } });
      bytes += (await compressed.bytes()).length;
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      const known = { 'if-none-match': headers.get('etag') ?? '' };
      expect((await test.send(file, { headers: known })).status, file).toBe(304);
    }
    expect(bytes).toBeLessThan(70_000);
  });

  it('has a policy that lets it run its own scripts, and nothing of other hosts', async () => {
    await using test = await open();
    const response = await test.send(address, { headers: HTML });
    const { headers } = response;
    expect(headers.get('x-frame-options')).toBe('DENY');
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ['default-src', 'frame-ancestors']) expect(policy).toMatch(`${rule} 'none'`);
    expect(policy).toContain("; connect-src 'self';");
    expect(policy).toContain("; script-src 'self'; ");
    const scripts = (await response.text())
      .matchAll(/<(?:script|style)\b(.*?)>/g)
      .map(([, attributes]) => attributes);
    for (const attributes of scripts) expect(attributes).toMatch(/type="application\/json"| src="/);
    expect(policy).not.toMatch(/https?:|unsafe|\*/);
  });
});

describe('The explorer', () => {
  it('has other addresses for its files once they are others, since browsers keep them', async () => {
    using folder = newFolder();
    const filesOf = async (text: string) => {
      for (const name of ['explorer.js', 'explorer.css']) folder.file(name, text);
      const explorer = createExplorer(OPTIONS, pathToFileURL(`${folder.path}/`));
      const answer = await explorer(new Headers(HTML), '/');
      return filesIn(String(answer?.body), '/');
    };
    const [before, after] = [await filesOf('a'), await filesOf('b')];
    expect(after).toHaveLength(2);
    expect(after.filter((file) => before.includes(file))).toEqual([]);
  });

  it('says how it is bundled, where it is not, and needs no restart after it was', async () => {
    using folder = newFolder();
    const explorer = createExplorer(OPTIONS, pathToFileURL(`${folder.path}/`));
    const missing = await explorer(new Headers(HTML), '/');
    expect([missing?.status, missing?.body]).toEqual([503, expect.stringContaining('npm run bundle')]);
    for (const name of ['explorer.js', 'explorer.css']) folder.file(name, '');
    expect((await explorer(new Headers(HTML), '/'))?.status).toBe(200);
  });

  it.each<[string, GatewayOptions]>([
    ['with EXPLORER=off', { explorer: false }],
    ['where routers only may ask', { routerSecrets: ['a-secret-of-routers'] }],
    ['where agents are stubs', { agents: 'stub' }],
    ['where documents are trusted', { persistedDocuments: MANIFEST, trustedDocumentsOnly: true }],
  ])('is not there %s: browsers get GraphiQL', async (_how, config) => {
    await using test = await open(config);
    const home = await test.send('/', { headers: HTML });
    expect([home.status, home.headers.get('location')]).toEqual([307, '/graphql']);
    expect((await test.send(RUN, { headers: HTML })).status).toBe(404);
    expect((await test.send('/explorer/main.js')).status).toBe(404);
  });

  it.each(['/', '/runs', '/runs/run-1/steps', '/explorer/', '/explorer/x/main.js', '/explorer/constructor'])(
    'has nothing for programs at %s, and for browsers at its root alone',
    async (path) => {
      await using test = await open();
      expect((await test.send(path)).status).toBe(404);
      if (path !== '/') expect((await test.send(path, { headers: HTML })).status).toBe(404);
    },
  );

  it.each([
    ['is trusted where EXPLORER=on', true, '', 200],
    ['is not trusted with a space more', true, ' ', 400],
    ['is not trusted by default', undefined, '', 400],
  ])('has documents, each of which %s', async (_name, explorer, space, status) => {
    const options = { persistedDocuments: MANIFEST, trustedDocumentsOnly: true };
    await using test = await open({ ...options, ...(explorer !== undefined && { explorer }) });
    const runs = explorerDocuments.find((text) => text.includes('query ExplorerRuns(')) ?? '';
    const { data, errors } = await test.execute(runs + space, { first: 1 });
    if (status === 200) expect(data).toHaveProperty('runs');
    else expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]);
  });
});

it('The headers of answers that are no pages keep browsers from guessing, framing and embedding', async () => {
  await using test = await open({ explorer: false });
  for (const path of [
    '/graphql?query={__typename}',
    '/graphql?query={',
    '/health',
    '/ready',
    '/metrics',
    '/nowhere',
    '/',
  ]) {
    const { headers } = await test.send(path);
    expect(Object.fromEntries(headers), path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  }
});

describe('The examples of GraphiQL', async () => {
  const examples = await readExampleQueries();

  it('are on its page, and find something among the sample runs', async () => {
    const store = new RunStore();
    insertSamples(store, { count: 2000, seed: 1, now: new Date() });
    const api = createApi({ store, now: () => new Date() });
    await using test = await openGatewayOver(api);
    const request = new Request('http://gateway/graphql', { headers: HTML });
    const page = await (await test.gateway.fetch(request)).text();
    for (const text of examples) {
      const [, name = text] = /^(?:query|mutation|subscription) (\w+)/m.exec(text) ?? [];
      expect(page).toContain(name);
      expect(validate(schema, parse(text)), name).toEqual([]);
      if (text.includes('subscription ')) continue;
      const { data, errors } = await test.execute(text);
      expect(errors, name).toBeUndefined();
      expect(JSON.stringify(data), name).not.toContain('"nodes":[]');
    }
  });
});
