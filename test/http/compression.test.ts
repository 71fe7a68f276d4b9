import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { randomRuns } from '../support/random-runs.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';

const LARGE = JSON.stringify({ query: '{ runs(first: 50) { nodes { id metadata } } }' });
/** Makes an answer of more than 64 KiB. */
const ROWS = `fragment R on Run { ${Array.from({ length: 40 }, (_, i) => `a${i}: agentId`).join(' ')} }`;
const SMALL = JSON.stringify({ query: '{ runs(first: 1) { nodes { id } } }' });

describe.each(['fetch', 'listener'] as const)('Answers (%s)', (name) => {
  const started = async (config: Partial<Config>) => {
    await using parts = new AsyncDisposableStack();
    const { gateway } = parts.use(await startTestGateway({ runs: randomRuns(60, 3), config }));
    const transport = parts.use(await TRANSPORTS[name](gateway));
    const moved = parts.move();
    return {
      async ask(body: string, headers: Readonly<Record<string, string>>) {
        const response = await postJson(transport, body, headers);
        const encoding = response.headers.get('content-encoding');
        const bytes = await response.bytes();
        // Node's client has decoded it; a Response of the fetch standard is as the gateway made it.
        const isEncoded = bytes[0] === (encoding === 'gzip' ? 0x1f : 0x28);
        const decode = encoding === 'gzip' ? gunzipSync : zstdDecompressSync;
        const decoded = encoding !== null && isEncoded ? decode(bytes) : bytes;
        return { encoding, vary: response.headers.get('vary'), text: Buffer.from(decoded).toString() };
      },
      [Symbol.asyncDispose]: () => moved.disposeAsync(),
    };
  };

  it('are compressed for clients that accept it, if they are told to, and large', async () => {
    await using test = await started({ compression: true, corsOrigins: ['https://app.test'] });
    const plain = await test.ask(LARGE, { 'accept-encoding': 'identity' });
    expect(plain.encoding).toBeNull();
    expect(plain.text).toMatch(/^\{"data":\{"runs"/);
    for (const accepted of ['gzip', 'gzip, deflate, br', '*', 'br;q=1, gzip;q=0.1']) {
      const { encoding, text, vary } = await test.ask(LARGE, { 'accept-encoding': accepted });
      expect([encoding, text === plain.text], accepted).toEqual(['gzip', true]);
      expect(vary?.toLowerCase().split(', ').toSorted()).toEqual(['accept', 'accept-encoding', 'origin']);
    }
    for (const accepted of ['br', 'gzip;q=0', 'deflate', '*;q=0']) {
      expect((await test.ask(LARGE, { 'accept-encoding': accepted })).encoding, accepted).toBeNull();
    }
    expect((await test.ask(SMALL, { 'accept-encoding': 'gzip' })).encoding).toBeNull();
    expect((await test.ask(SMALL, { 'accept-encoding': 'gzip' })).vary).toContain('accept-encoding');
  });

  it('are compressed by zstd for clients that name it, whatever their size, and events never', async () => {
    await using test = await started({ compression: true });
    for (const query of [LARGE, JSON.stringify({ query: '{ runs(first: 60) { nodes { ...R } } }' + ROWS })]) {
      const plain = await test.ask(query, {});
      for (const accepted of ['zstd', 'ZSTD, gzip', 'gzip, deflate, br, zstd', 'gzip;q=0, zstd;q=0.1']) {
        const { encoding, text } = await test.ask(query, { 'accept-encoding': accepted });
        expect([encoding, text === plain.text], accepted).toEqual(['zstd', true]);
      }
    }
    for (const accepted of ['zstd;q=0', 'zstd;q=0, br']) {
      expect((await test.ask(LARGE, { 'accept-encoding': accepted })).encoding, accepted).toBeNull();
    }
    expect((await test.ask(LARGE, { 'accept-encoding': 'zstd;q=0, gzip' })).encoding).toBe('gzip');
    const events = await test.ask(LARGE, { accept: 'text/event-stream', 'accept-encoding': 'zstd, gzip' });
    expect([events.encoding, events.text.startsWith(':')]).toEqual([null, true]);
  });

  it('are not compressed by default', async () => {
    await using test = await started({});
    const { encoding, vary } = await test.ask(LARGE, { 'accept-encoding': 'gzip' });
    expect([encoding, vary]).toEqual([null, 'accept']);
  });
});
