import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { graphqlRequest, type Headers } from '../../support/execute.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';

const RUNS = randomRuns(60, 3);
const LARGE = '{ runs(first: 50) { nodes { id metadata } } }';
/** More than 64 KiB. */
const HUGE = `{ runs(first: 60) { nodes { ${Array.from({ length: 40 }, (_, i) => `a${i}: agentId`).join(' ')} } } }`;
const SMALL = '{ runs(first: 1) { nodes { id } } }';
const DECODERS = { gzip: gunzipSync, zstd: zstdDecompressSync, none: (bytes: Uint8Array) => bytes };

async function open(config: GatewayOptions) {
  const test = await openGateway({ runs: RUNS, config });
  const ask = async (query: string, headers: Headers) => {
    const response = await test.gateway.fetch(graphqlRequest({ query }, headers));
    const encoding = (response.headers.get('content-encoding') ?? 'none') as keyof typeof DECODERS;
    const bytes = await response.bytes();
    const length = response.headers.get('content-length');
    if (length !== null) expect(Number(length)).toBe(bytes.length);
    const vary = response.headers.get('vary');
    return { encoding, vary, text: Buffer.from(DECODERS[encoding](bytes)).toString() };
  };
  return { ...test, ask };
}

describe('COMPRESSION', () => {
  it.each([
    ['gzip', 'gzip'],
    ['br;q=1, gzip;q=0.1', 'gzip'],
    ['zstd', 'zstd'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['identity', 'none'],
    ['br', 'none'],
    ['*;q=0', 'none'],
  ] as const)('answers Accept-Encoding: %s by %s', async (accepted, encoding) => {
    await using test = await open({ compression: true });
    for (const query of [LARGE, HUGE]) {
      const plain = await test.ask(query, {});
      const answer = await test.ask(query, { 'accept-encoding': accepted });
      expect(answer).toEqual({ encoding, vary: 'accept, accept-encoding', text: plain.text });
      expect(plain).toMatchObject({ encoding: 'none', vary: answer.vary });
    }
  });

  it('leaves small answers and events as they are', async () => {
    await using test = await open({ compression: true });
    const encodings = { 'accept-encoding': 'zstd, gzip' };
    const small = await test.ask(SMALL, encodings);
    expect([small.encoding, small.vary]).toEqual(['none', 'accept, accept-encoding']);
    expect(await test.ask(LARGE, { ...encodings, accept: 'text/event-stream' })).toMatchObject({
      encoding: 'none',
      text: expect.stringMatching(/^:/),
    });
  });
});

it('COMPRESSION is off by default in a program', async () => {
  await using test = await open({});
  const { encoding } = await test.ask(LARGE, { 'accept-encoding': 'gzip' });
  expect(encoding).toBe('none');
});
