import { readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { lacksProc } from '../support/lacks.ts';
import { startProgram } from '../support/program.ts';
import { connectTo } from '../support/raw-request.ts';
import { TRANSPORTS } from '../support/transports.ts';

/** Where nothing answers: GraphiQL needs no upstream. */
const upstreamUrl = 'http://127.0.0.1:1';
const HTML = { accept: 'text/html' };
const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Uint8Array) => body };

/** The addresses of the files that a page names: style sheets, scripts, workers. */
function filesIn(page: string): readonly string[] {
  return page.match(/\?graphiql=[\w.-]+/g) ?? [];
}

describe.each(['fetch', 'listener'] as const)('GraphiQL (%s)', (name) => {
  const started = async (endpoint = '/graphql', accessTokens: readonly string[] = []) => {
    await using parts = new AsyncDisposableStack();
    const gateway = parts.use(await createGateway({ upstreamUrl, endpoint, accessTokens }));
    const transport = parts.use(await TRANSPORTS[name](gateway));
    const moved = parts.move();
    return {
      send: async (path: string, init?: RequestInit) => transport.send(path, init),
      [Symbol.asyncDispose]: () => moved.disposeAsync(),
    };
  };

  it.each(['/graphql', '/api/graphql', '/'])(
    'at %s is a small page, and files by that path that browsers keep',
    async (endpoint) => {
      await using test = await started(endpoint);
      const response = await test.send(endpoint, { headers: HTML });
      const page = await response.text();
      expect(page.length).toBeLessThan(6000);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      const files = filesIn(page);
      expect(files).toHaveLength(8);
      for (const file of files) {
        const { status, headers, body } = await test.send(endpoint + file);
        await body?.cancel();
        expect([status, headers.get('content-type')], file).toEqual([
          200,
          file.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
        ]);
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      }
    },
  );

  it.each([
    [{}, 'identity'],
    [{ 'accept-encoding': 'gzip, deflate, br, zstd' }, 'br'],
    [{ 'accept-encoding': 'gzip' }, 'gzip'],
    [{ 'accept-encoding': 'gzip;q=1, br;q=0' }, 'gzip'],
    [{ 'accept-encoding': '*;q=0' }, 'identity'],
    [{ 'accept-encoding': 'zstd' }, 'identity'],
  ] as const)('for %j sends its files as %s', async (headers, encoding) => {
    await using test = await started();
    const page = await (await test.send('/graphql', { headers: HTML })).text();
    const [style = ''] = filesIn(page);
    const plain = await (
      await test.send(`/graphql${style}`, { headers: { 'accept-encoding': 'identity' } })
    ).bytes();
    // Node's client would decode it; and a Request of the fetch standard doesn't add this header.
    const response = await test.send(`/graphql${style}`, {
      headers: { 'accept-encoding': 'identity', ...headers },
    });
    expect(response.headers.get('vary')).toContain('accept-encoding');
    expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
    const body = await response.bytes();
    const decoded = body.length === plain.length ? body : DECODERS[encoding](body);
    expect(Buffer.compare(decoded, plain)).toBe(0);
  });

  it('is not sent again to a browser that has it', async () => {
    await using test = await started();
    const first = await test.send('/graphql', { headers: HTML });
    const [file = ''] = filesIn(await first.text());
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{16}"$/);
    for (const known of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await test.send('/graphql', { headers: { ...HTML, 'if-none-match': known } });
      expect([again.status, await again.text()], known).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('content-length')).toBeNull();
    }
    const other = await test.send('/graphql', { headers: { ...HTML, 'if-none-match': 'W/"other"' } });
    expect([other.status, (await other.text()).length > 0]).toEqual([200, true]);
    const [style] = [await test.send(`/graphql${file}`)];
    await style.body?.cancel();
    const again = await test.send(`/graphql${file}`, {
      headers: { 'if-none-match': style.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('is open to browsers without an access token, and runs nothing for them', async () => {
    await using test = await started('/graphql', ['sesame']);
    const page = await (await test.send('/graphql?query={__typename}', { headers: HTML })).text();
    expect(page).toContain('"requiresToken":true');
    expect(page).not.toContain('__typename');
    for (const file of filesIn(page)) {
      const { status, body } = await test.send(`/graphql${file}`);
      await body?.cancel();
      expect(status).toBe(200);
    }
    expect((await test.send('/graphql?graphiql=other.js&query={__typename}')).status).toBe(401);
    expect((await test.send('/graphql?query={__typename}')).status).toBe(401);
  });

  it('has a policy without inline scripts and without other hosts', async () => {
    await using test = await started();
    const { headers, body } = await test.send('/graphql', { headers: HTML });
    await body?.cancel();
    const policy = new Map(
      headers
        .get('content-security-policy')
        ?.split('; ')
        .map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
    );
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    const sources = new Set([...policy.values()].flat());
    expect(sources).toEqual(new Set(["'none'", "'self'", "'unsafe-inline'", 'data:']));
    expect(
      [...policy].filter(([, allowed]) => allowed.includes("'unsafe-inline'")).map(([rule]) => rule),
    ).toEqual(['style-src']);
  });

  it.each(['x.js', '', '../start.js', '%00', 'constructor', 'start.js&query={__typename}'])(
    'has no file %j',
    async (file) => {
      await using test = await started();
      const response = await test.send(`/graphql?graphiql=${file}`);
      expect(response.status).toBe(file.includes('query') ? 200 : 404);
      expect(await response.text()).toContain(
        file.includes('query') ? '{"__typename":"Query"}' : 'Reload its page.',
      );
    },
  );
});

describe.skipIf(lacksProc())('Two hundred clients that ask for GraphiQL and read nothing', () => {
  it('cost little memory, and others are answered', async () => {
    await using program = startProgram(['--port', '0', '--upstream', upstreamUrl]);
    const url = await program.url;
    const residentMb = (): number => {
      const status = readFileSync(`/proc/${program.process.pid}/status`, 'utf8');
      return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024;
    };
    const page = await (await fetch(`${url}/graphql`, { headers: HTML })).text();
    const files = filesIn(page);
    for (const file of files) await (await fetch(`${url}/graphql${file}`)).bytes();
    const before = residentMb();
    const sockets = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const socket = await connectTo(url);
        socket.on('error', () => undefined).pause();
        const target = index % 2 === 0 ? `/graphql${files[index % files.length]}` : '/graphql';
        for (let times = 0; times < 3; times++) {
          socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n`);
        }
        return socket;
      }),
    );
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${url}/graphql?query={__typename}`)).status).toBe(200);
    expect(residentMb() - before).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
  });
});
