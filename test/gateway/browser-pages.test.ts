import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { createApi } from '../../embedded-api/routes/api.ts';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import type { GatewayOptions } from '../../src/gateway.ts';
import { readExplorerDocuments } from '../../src/http/explorer/files.ts';
import { readExampleQueries } from '../../src/http/graphiql/index.ts';
import { schema } from '../../src/schema/index.ts';
import { execute } from '../support/execute.ts';
import { openGateway, openGatewayOver, UPSTREAM_URL } from '../support/open-gateway.ts';

const HTML = { accept: 'text/html' };
const RUN = '/runs/run-00000000-0000-4000-8000-000000000001';
const MANIFEST = new URL('../../examples/relay/__generated__/persisted-documents.json', import.meta.url)
  .pathname;
const FOREVER = 'public, max-age=31536000, immutable';

async function open(config: GatewayOptions = {}) {
  const { gateway, ...test } = await openGateway({ config });
  const send = (path: string, init?: RequestInit) =>
    gateway.fetch(new Request(`http://gateway${path}`, init));
  const page = async (path: string) => (await send(path, { headers: HTML })).text();
  return { gateway, send, page, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

/** The files that a page names, as a browser at that address asks for them. */
function filesIn(page: string, address: string): readonly string[] {
  const names = [...page.matchAll(/(?:src|href)="(\.[^"]+|\?graphiql=[^"]+)"|(\?graphiql=[\w.-]+)/g)];
  const paths = names.map(
    ([, inMarkup, inScript]) => new URL(inMarkup ?? inScript ?? '', `http://gateway${address}`),
  );
  return [...new Set(paths.map(({ pathname, search }) => pathname + search))];
}

describe.each<[string, string, number, GatewayOptions]>([
  ['GraphiQL', '/graphql', 8, {}],
  ['GraphiQL of an endpoint', '/api/graphql', 8, { endpoint: '/api/graphql' }],
  ['The explorer', '/', 20, {}],
  ["The explorer's page of a run", RUN, 20, {}],
])('%s', (_name, address, count, config) => {
  it('is a small page for everybody, which knows no secret, and whose files browsers keep', async () => {
    const secrets = { accessTokens: ['sesame'], apiKey: 'sk-let-secret', readOnly: true };
    await using test = await open({ ...secrets, ...config });
    const response = await test.send(address, { headers: HTML });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    const page = await response.text();
    expect(page.length).toBeLessThan(10_000);
    expect(page).toContain('"requiresToken":true');
    expect(page).not.toMatch(new RegExp(`sesame|sk-let|${UPSTREAM_URL}|(?:src|href)="?https?:`));
    const files = filesIn(page, address);
    expect(files.length).toBeGreaterThanOrEqual(count);
    for (const file of files) {
      const { status, headers } = await test.send(file);
      expect([status, headers.get('cache-control')], file).toEqual([200, FOREVER]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      const known = { 'if-none-match': headers.get('etag') ?? '' };
      expect((await test.send(file, { headers: known })).status, file).toBe(304);
    }
  });

  it('has a policy that lets it run its own scripts, and nothing of other hosts', async () => {
    await using test = await open(config);
    const { headers } = await test.send(address, { headers: HTML });
    expect(headers.get('x-frame-options')).toBe('DENY');
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of ['default-src', 'frame-ancestors']) expect(policy).toMatch(`${rule} 'none'`);
    for (const rule of ['script-src', 'connect-src']) expect(`${policy};`).toMatch(`${rule} 'self';`);
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
    // GraphiQL's editor writes styles.
    expect(policy.replace(/style-src [^;]+/, '')).not.toContain('unsafe');
  });
});

describe('The files of GraphiQL', () => {
  it.each(['x.js', '', '../start.js', '%00', 'constructor'])('do not include %j', async (file) => {
    await using test = await open();
    expect((await test.send(`/graphql?graphiql=${file}`)).status).toBe(404);
  });
});

describe('The explorer', () => {
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
    const { runs = '' } = await readExplorerDocuments();
    const { data, errors } = await execute(test.gateway, runs + space, { first: 1 });
    if (status === 200) expect(data).toHaveProperty('runs');
    else expect(errors).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]);
  });
});

it('What is no page keeps browsers from guessing, framing and embedding', async () => {
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
    using store = openStore({ makeDetails: sampleDetails });
    insertSamples(store, { count: 2000, seed: 1, now: new Date() });
    const api = createApi({ store, now: () => new Date() });
    await using test = await openGatewayOver((request) => api({ ...request, actor: DEFAULT_ACTOR }));
    const request = new Request('http://gateway/graphql', { headers: HTML });
    const page = await (await test.gateway.fetch(request)).text();
    for (const text of examples) {
      const [, name = text] = /^(?:query|mutation|subscription) (\w+)/m.exec(text) ?? [];
      expect(page).toContain(name);
      expect(validate(schema, parse(text)), name).toEqual([]);
      if (text.includes('subscription ')) continue;
      const { data, errors } = await execute(test.gateway, text);
      expect(errors, name).toBeUndefined();
      expect(JSON.stringify(data), name).not.toContain('"nodes":[]');
    }
  });
});
