import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway, type GatewayOptions } from '../../src/gateway.ts';
import { readExplorerDocuments } from '../../src/http/explorer/files.ts';
import { TRANSPORTS } from '../support/transports.ts';

/** Where nothing answers: the page needs no upstream. */
const upstreamUrl = 'http://127.0.0.1:1';
const HTML = { accept: 'text/html' };
const RUN = '/runs/run-00000000-0000-4000-8000-000000000001';
const MANIFEST = new URL('../../examples/relay/__generated__/persisted-documents.json', import.meta.url)
  .pathname;

async function started(options: GatewayOptions = {}) {
  await using parts = new AsyncDisposableStack();
  const gateway = parts.use(await createGateway({ upstreamUrl, ...options }));
  const transport = parts.use(await TRANSPORTS.listener(gateway));
  const moved = parts.move();
  return {
    send: async (path: string, init?: RequestInit) => transport.send(path, init),
    page: async (path: string) =>
      await (await transport.send(path, { headers: HTML, redirect: 'manual' })).text(),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** The files that a page names, as a browser at that address asks for them. */
function filesIn(page: string, address: string): readonly string[] {
  return [...page.matchAll(/(?:src|href)="(\.[^"]+)"/g)].map(
    ([, file = '']) => new URL(file, `http://localhost${address}`).pathname,
  );
}

describe('The explorer', () => {
  it.each(['/', RUN])('at %s is a small page, whose files browsers keep', async (address) => {
    await using test = await started();
    const response = await test.send(address, { headers: HTML });
    const page = await response.text();
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    const files = filesIn(page, address);
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const { status, headers, body } = await test.send(file);
      await body?.cancel();
      expect([status, headers.get('cache-control')], file).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
  });

  it('takes at most 150 kB compressed, with all that it may load later', async () => {
    await using test = await started();
    const page = await test.page('/');
    const pending = [...filesIn(page, '/')];
    const sizes = new Map([['/', brotliCompressSync(page).length]]);
    for (const file of pending) {
      if (sizes.has(file)) continue;
      const text = await (await test.send(file)).text();
      sizes.set(file, brotliCompressSync(text).length);
      for (const [, imported = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)) {
        pending.push(new URL(imported, `http://localhost${file}`).pathname);
      }
    }
    expect([...sizes.keys()].filter((file) => /chart|uplot|preact|htm/.test(file)).length).toBeGreaterThan(4);
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  });

  it('loads all modules that the first view needs at once, and none that has no path', async () => {
    await using test = await started();
    const page = await test.page('/');
    const preloaded = new Set(filesIn(page, '/'));
    for (const file of preloaded) {
      if (!file.endsWith('.js')) continue;
      const text = await (await test.send(file)).text();
      for (const [, name = ''] of text.matchAll(/\bfrom\s*["']([^"']+)["']/g)) {
        expect(name, file).toMatch(/^\.{1,2}\//);
        expect(preloaded, `${file} imports ${name}`).toContain(
          new URL(name, `http://localhost${file}`).pathname,
        );
      }
    }
  });

  it('lets the page run only its own scripts and styles, and parse no text as HTML', async () => {
    await using test = await started();
    const { headers, body } = await test.send('/', { headers: HTML });
    await body?.cancel();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
  });

  it('is told what it needs to know, and no secret', async () => {
    await using test = await started({
      accessTokens: ['sesame'],
      apiKey: 'sk-let-secret',
      readOnly: true,
      endpoint: '/api/graphql',
    });
    const page = await test.page('/');
    expect(page).toContain(
      '{"isReadOnly":true,"hasSampleRuns":false,"requiresToken":true,"endpoint":"api/graphql"}',
    );
    expect(page).not.toMatch(/sesame|sk-let|127\.0\.0\.1/);
  });

  it.each<[string, GatewayOptions, string]>([
    ['with EXPLORER=off', { explorer: false }, '/graphql'],
    ['where routers only may ask', { routerSecrets: ['a-secret-of-routers'] }, '/graphql'],
    ['where agents are stubs', { agents: 'stub' }, '/graphql'],
    ['where documents are trusted', { persistedDocuments: MANIFEST, trustedDocumentsOnly: true }, '/graphql'],
  ])('is not there %s: browsers get GraphiQL', async (_how, options, location) => {
    await using test = await started(options);
    const home = await test.send('/', { headers: HTML, redirect: 'manual' });
    expect([home.status, home.headers.get('location')]).toEqual([307, location]);
    expect((await test.send(RUN, { headers: HTML })).status).toBe(404);
    expect((await test.send('/explorer/main.js')).status).toBe(404);
  });

  it('leaves the root to GraphQL that is there', async () => {
    await using test = await started({ endpoint: '/' });
    expect(await test.page('/')).toContain('graphiql');
  });

  it.each<[string, RequestInit]>([
    ['/', {}],
    ['/', { method: 'POST', headers: HTML }],
    ['/runs', { headers: HTML }],
    ['/runs/', { headers: HTML }],
    ['/runs/run-1/steps', { headers: HTML }],
    ['/explorer/', {}],
    ['/explorer/x/main.js', {}],
    ['/explorer/constructor', {}],
  ])('has nothing at %s for %j', async (path, init) => {
    await using test = await started();
    expect((await test.send(path, init)).status).toBe(404);
  });

  it('has its documents trusted where EXPLORER=on, and no other', async () => {
    const { runs = '' } = await readExplorerDocuments();
    const options = { persistedDocuments: MANIFEST, trustedDocumentsOnly: true };
    for (const [explorer, query, expected] of [
      [true, runs, 'UPSTREAM_UNAVAILABLE'],
      [true, `${runs} `, 'DOCUMENT_NOT_TRUSTED'],
      [undefined, runs, 'DOCUMENT_NOT_TRUSTED'],
    ] as const) {
      await using test = await started({ ...options, ...(explorer !== undefined && { explorer }) });
      const response = await test.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { first: 1 } }),
      });
      expect(await response.text()).toContain(`"${expected}"`);
    }
  });
});

describe('The documents of the explorer', () => {
  it('are valid', async () => {
    const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
    for (const [name, text] of Object.entries(await readExplorerDocuments())) {
      expect(validate(schema, parse(text)), name).toEqual([]);
    }
  });

  it('are those that its scripts can name', async () => {
    const types = readFileSync(
      new URL('../../src/http/explorer/browser/documents.d.ts', import.meta.url),
      'utf8',
    );
    const named = [...types.matchAll(/readonly (\w+): string/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(await readExplorerDocuments())));
  });
});
