import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { countObjects } from '../../src/json/count-objects.ts';
import { JsonLimitError, parseInputJson } from '../../src/json/parse-json.ts';
import { parseUpstreamJson } from '../../src/wire/parse-upstream-json.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { postJson, TRANSPORTS } from '../support/transports.ts';
import { brokenTexts, jsonTexts } from './json-texts.ts';

const MOST = 100_000;

/** Texts of nearly a mebibyte that take many times as much memory. */
const LARGE: Readonly<Record<string, string>> = {
  'nested lists behind an escaped key': `{"\\n":${'['.repeat(490_000)}${']'.repeat(490_000)}}`,
  'nested objects with escaped keys': `${'{"\\n":'.repeat(140_000)}1${'}'.repeat(140_000)}`,
  'nested lists': `{"a":${'['.repeat(490_000)}${']'.repeat(490_000)}}`,
  'empty lists': `{"a":[${'[],'.repeat(320_000)}0]}`,
  'empty objects behind an escaped key': `{"\\n":[${'{},'.repeat(320_000)}0]}`,
  'lists that never end': `{"a":${'['.repeat(980_000)}`,
};

describe('Objects and lists in a text', () => {
  it('are counted without those within texts', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        const rest = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
        expect(countObjects(text)).toBe(rest.split(/[[{]/).length - 1);
      }),
      {
        numRuns: propertyRuns(3000),
        examples: [['["[","\\"[{",{"{":[]}]'], [String.raw`["\\",["\\\"[\\"]]`]],
      },
    );
  });

  it('are counted in whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(brokenTexts, fc.string()), (text) => {
        expect(countObjects(text)).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: propertyRuns(1000), examples: [['"'], ['"\\'], ['"\\"'], ['\\"[']] },
    );
  });

  it.each(Object.entries(LARGE))('that a client sends are limited: %s', (_name, text) => {
    expect(() => parseInputJson(text)).toThrow(JsonLimitError);
  });

  it.each([
    ['as many as are allowed', `[${'[],'.repeat(259_998)}[]]`],
    ['as many as are allowed behind an escaped key', `{"\\n":[${'[],'.repeat(MOST - 3)}[]]}`],
    ['very many scalars', `{"\\n":[${'1,'.repeat(400_000)}"[{"]}`],
    ['a long text', JSON.stringify({ '\n': '[{"'.repeat(200_000) })],
    ['a long key', `{"${'[\\n'.repeat(200_000)}":0}`],
  ])('that a client sends are not limited for %s', (_name, text) => {
    expect(JSON.stringify(parseInputJson(text))).toBe(text);
  });
});

describe.each(['fetch', 'listener'] as const)('A request whose JSON is large (%s)', (way) => {
  it.each(Object.entries(LARGE))('is refused with the limit: %s', async (_name, text) => {
    await using upstream = await startFixedUpstream('[]');
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await using transport = await TRANSPORTS[way](gateway);
    const body = `{"query":"{ __typename }","variables":${text}}`;
    const response = await postJson(transport, body, { accept: 'application/graphql-response+json' });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { errors: [{ message: expect.stringMatching(/100000|260000/), extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  });
});

describe("The upstream's JSON", () => {
  it.each([
    ['lists in lists', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
    ['lists that never end', '['.repeat(2_000_000)],
    ['empty lists', `[${'[],'.repeat(500_000)}0]`],
    ['empty objects', `[${'{},'.repeat(500_000)}0]`],
  ])('is refused where it hardly is anything but %s', (_name, text) => {
    expect(() => parseUpstreamJson(text)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_INVALID_RESPONSE' }),
    );
  });

  it('may have as many as its texts have room for', () => {
    const text = JSON.stringify(Array.from({ length: 200_000 }, (_, index) => ({ id: `step-${index}` })));
    expect(JSON.stringify(parseUpstreamJson(text))).toBe(text);
  });
});
