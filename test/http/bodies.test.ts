import { once } from 'node:events';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { RequestBody } from '../../src/http/server/request-body.ts';
import { createMemory } from '../../src/memory/index.ts';
import { startMeasuredGateway } from '../support/measured-gateway.ts';
import { connectTo } from '../support/raw-request.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const MEBIBYTE = 1024 * 1024;
const upstreamUrl = 'http://127.0.0.1:1';
const BODY = '{"query":"{ __typename }"}';

const ENCODERS = {
  gzip: gzipSync,
  'X-Gzip': gzipSync,
  deflate: deflateSync,
  br: (text: string) => brotliCompressSync(text),
  ZSTD: (text: string) => zstdCompressSync(text),
};

/** How a client says how long its body is. */
const LENGTHS = { 'a length': `content-length: ${MEBIBYTE}`, chunks: 'transfer-encoding: chunked' };

async function startedGateway(accessTokens: readonly string[] = []) {
  const parts = new AsyncDisposableStack();
  const gateway = parts.use(await createGateway({ upstreamUrl, accessTokens }));
  const transport = parts.use(await TRANSPORTS.listener(gateway));
  return { gateway, transport, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

async function urlOf(transport: { send(path: string): Promise<Response> }): Promise<string> {
  const response = await transport.send('/health');
  await response.bytes();
  return new URL(response.url).origin;
}

describe.each(Object.entries(LENGTHS))('A body announced by %s', (_name, header) => {
  it.each([
    ['without a token', ['content-type: application/json'], 401],
    ['of another type', ['content-type: text/plain', 'authorization: Bearer t'], 415],
    [
      'that is encoded twice',
      ['content-type: application/json', 'content-encoding: gzip, gzip', 'authorization: Bearer t'],
      415,
    ],
  ])(
    '%s is answered before a byte of it has come, and the connection is closed',
    async (_what, lines, status) => {
      await using started = await startedGateway(['t']);
      const socket = await connectTo(await urlOf(started.transport));
      socket.write(['POST /graphql HTTP/1.1', 'host: localhost', header, ...lines, '', ''].join('\r\n'));
      let answer = '';
      // Ends although the client has sent nothing and goes on waiting.
      for await (const chunk of socket) answer += chunk;
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
      expect(answer).toContain('"extensions":{"code":"U');
    },
  );
});

describe('A body in chunks of one byte', () => {
  const exchange = async (body: string, end: string): Promise<string> => {
    await using started = await startedGateway();
    const socket = await connectTo(await urlOf(started.transport));
    const head = 'host: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked';
    const chunks = body.replaceAll(/[^]/g, '1\r\n$&\r\n');
    socket.write(`POST /graphql HTTP/1.1\r\nconnection: close\r\n${head}\r\n\r\n${chunks}${end}`);
    let answer = '';
    for await (const piece of socket) answer += piece;
    return answer;
  };

  it('is read', async () => {
    const answer = await exchange(BODY + ' '.repeat(8_000), '0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is refused if there are very many, before they have all come', async () => {
    const answer = await exchange(' '.repeat(20_000), '');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"PAYLOAD_TOO_LARGE"');
  });
});

describe('A client without a token', () => {
  it('that sends a body gets its answer whole, and not a reset connection', async () => {
    await using started = await startedGateway(['t']);
    const text = JSON.stringify({ query: '#'.repeat(MEBIBYTE - 100) });
    for (let count = 0; count < 20; count++) {
      const response = await postJson(started.transport, text);
      expect([response.status, await response.json()]).toMatchObject([
        401,
        { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
    }
  });

  it('has its body left unread by fetch', async () => {
    await using started = await startedGateway(['t']);
    let pulls = 0;
    const stream = new ReadableStream({ pull: () => void pulls++ }, { highWaterMark: 0 });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half' as const,
    };
    const request = new Request('http://gateway/graphql', init);
    expect((await started.gateway.fetch(request)).status).toBe(401);
    expect([pulls, request.bodyUsed]).toEqual([0, false]);
  });
});

describe.each(['listener', 'fetch'] as const)('A body (%s)', (way) => {
  const send = async (body: BodyInit, headers: Record<string, string> = {}) => {
    await using gateway = await createGateway({ upstreamUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const response = await transport.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' as const }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it.each(Object.entries(ENCODERS))('with Content-Encoding: %s is decoded', async (coding, encode) => {
    const query = `{ __typename } # ${'ü'.repeat(90_000)}`;
    const body = encode(JSON.stringify({ query }));
    expect(await send(body, { 'content-encoding': coding })).toMatchObject({
      status: 200,
      text: '{"data":{"__typename":"Query"}}',
    });
  });

  it.each(Object.entries(ENCODERS))(
    'with Content-Encoding: %s has limits of its own',
    async (coding, encode) => {
      const { length } = BODY;
      const largest = encode(BODY + ' '.repeat(MEBIBYTE - length));
      const bomb = encode(BODY + ' '.repeat(64 * MEBIBYTE));
      expect(await send(largest, { 'content-encoding': coding })).toMatchObject({ status: 200 });
      expect(await send(bomb, { 'content-encoding': coding })).toMatchObject({
        status: 413,
        text: expect.stringContaining('"code":"PAYLOAD_TOO_LARGE"'),
      });
      for (const broken of [largest.subarray(0, -3), largest.subarray(5), Buffer.from(BODY)]) {
        expect(await send(broken, { 'content-encoding': coding })).toMatchObject({
          status: 400,
          text: expect.stringContaining('"code":"BAD_REQUEST"'),
        });
      }
    },
  );

  it('that is encoded twice, a bomb within a bomb, is not looked into', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(64 * MEBIBYTE)));
    expect(await send(bomb, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
  });

  it.each(['x', 'gzip, gzip', 'gzip, identity', 'compress', '', '__proto__'])(
    'with Content-Encoding: %s is refused',
    async (coding) => {
      const { status, headers, text } = await send(gzipSync(BODY), { 'content-encoding': coding });
      expect(status).toBe(415);
      expect(headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
      expect(text).toContain('"code":"UNSUPPORTED_MEDIA_TYPE"');
    },
  );

  it('with Content-Encoding: identity is served', async () => {
    expect(await send(BODY, { 'content-encoding': 'Identity' })).toMatchObject({ status: 200 });
  });

  it.each(['application/json', 'Application/JSON ; charset=utf-8'])(
    'of the type %s is served',
    async (type) => {
      expect(await send(BODY, { 'content-type': type })).toMatchObject({ status: 200 });
    },
  );

  it.each(['application/jsonx', 'text/plain; application/json'])(
    'of the type %s is refused',
    async (type) => {
      expect(await send(BODY, { 'content-type': type })).toMatchObject({ status: 415 });
    },
  );

  it.each(['{"query":"{ __typename }"}', '{"query":"{ nothing }"}', '{'])(
    'of %s leaves its connection open for the next one, however soon it is answered',
    async (body) => {
      await using started = await startedGateway();
      const socket = await connectTo(await urlOf(started.transport));
      const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      for (let count = 0; count < 2; count++) {
        socket.write(head + body);
        // oxlint-disable-next-line no-await-in-loop -- One after the other.
        const [answer] = await once(socket, 'data');
        expect(String(answer)).toMatch(/\r\nconnection: keep-alive\r\n/i);
      }
      socket.destroy();
    },
  );

  it('of a mebibyte is read, in chunks as well', async () => {
    const text = BODY + ' '.repeat(MEBIBYTE - BODY.length);
    expect(await send(text)).toMatchObject({ status: 200 });
    expect(await send(new Blob([text]).stream())).toMatchObject({ status: 200 });
  });

  it('of a byte more is refused, in chunks as well', async () => {
    const text = BODY + ' '.repeat(MEBIBYTE + 1 - BODY.length);
    for (const body of [text, new Blob([text]).stream()]) {
      const answer = await send(body);
      expect(answer.status).toBe(413);
      expect(answer.text).toContain(
        '"message":"The request body has more than 1048576 bytes.","extensions":{"code":"PAYLOAD_TOO_LARGE"',
      );
    }
  });
});

it('What decoding holds is in the account of memory, and leaves it', async () => {
  const memory = createMemory({ budgetBytes: 256 * MEBIBYTE });
  const holder = memory.open(() => undefined);
  const body = new RequestBody(holder);
  let most = 0;
  const take = holder.take.bind(holder);
  holder.take = (kind, bytes) => {
    const isTaken = take(kind, bytes);
    most = Math.max(most, memory.held.input);
    return isTaken;
  };
  const init = { method: 'POST', headers: { 'content-encoding': 'gzip' } };
  const text = 'x'.repeat(MEBIBYTE);
  const read = await body.readFetch(new Request('http://gateway', { ...init, body: gzipSync(text) }));
  expect(read).toBe(text);
  expect(most).toBeGreaterThanOrEqual(MEBIBYTE);
  expect(most).toBeLessThan(3 * MEBIBYTE);
  body.drop();
  expect(memory.held.input).toBe(0);
});

it('Many bodies that need a large window each are decoded a few at a time', async () => {
  await using gateway = await startMeasuredGateway({});
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY } = constants;
  const params = { [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_QUALITY]: 1 };
  const body = brotliCompressSync(Buffer.alloc(20 * MEBIBYTE, 'a'), { params });
  const headers = { 'content-type': 'application/json', 'content-encoding': 'br' };
  const send = () => fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
  const answers = await Promise.all(Array.from({ length: 60 }, send));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
  // One takes 16; all of them at once would take 960.
  expect(gateway.peakMb()).toBeLessThan(500);
});

it('A client that leaves while its body is decoded leaves nothing behind', async () => {
  const memory = createMemory({ budgetBytes: 256 * MEBIBYTE });
  const body = new RequestBody(memory.open(() => undefined));
  const init = { method: 'POST', headers: { 'content-encoding': 'gzip' } };
  const reading = body.readFetch(
    new Request('http://gateway', { ...init, body: gzipSync('x'.repeat(MEBIBYTE)) }),
  );
  await expect.poll(() => memory.held.input, { interval: 0 }).toBeGreaterThan(0);
  body.drop();
  expect(await reading).toBeUndefined();
  expect(memory.held.input).toBe(0);
});
