import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import { VERSION } from '../../../src/runtime/package-version.ts';
import { settle } from '../../support/clock.ts';
import type { Headers } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const QUERY = '{ runs(first: 1) { nodes { agentId } } }';
const EMPTY = { data: { runs: { nodes: [] } } };
const noRuns = () => ({ body: [] });

/** Of every request. */
const OURS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': `runs-gateway/${VERSION}`,
};

const KEY = { apiKey: 'key' };
const PROJECT = { project: 'ours' };
const BOTH = { project: 'ours', projectId: 'project-ours' };
const TOKENS = { accessTokens: ['token'], apiKey: 'key' };
const BY_KEY = { authorization: 'Bearer key' };
const MINE = { authorization: 'Bearer mine' };
const TOKEN = { authorization: 'Bearer token' };

describe('The headers of a caller', () => {
  it.each<[string, GatewayOptions, Headers, Headers]>([
    ['that are credentials, and the id of the request', {}, MINE, MINE],
    [
      'with a token: the key instead of the token',
      TOKENS,
      { ...TOKEN, 'x-project': 'p' },
      { ...BY_KEY, 'x-project': 'p' },
    ],
    ['without a project: the PROJECT of the gateway', PROJECT, {}, { 'x-project': 'ours' }],
    [
      'without a project, by the key of the gateway',
      { ...KEY, ...PROJECT },
      {},
      { ...BY_KEY, 'x-project': 'ours' },
    ],
    ['without a project, by credentials beside a key: none', { ...KEY, ...PROJECT }, MINE, MINE],
    [
      'without a project, by credentials where there is no key',
      PROJECT,
      MINE,
      { ...MINE, 'x-project': 'ours' },
    ],
    [
      'without a project: PROJECT and PROJECT_ID of the gateway',
      BOTH,
      {},
      { 'x-project': 'ours', 'x-project-id': 'project-ours' },
    ],
    ['with a project', BOTH, { 'x-project': 'p' }, { 'x-project': 'p' }],
    ['with an empty project', BOTH, { 'x-project': '' }, { 'x-project': '' }],
    ['never a token', { accessTokens: ['token'], forwardHeaders: ['Authorization'] }, TOKEN, {}],
    ['no others', {}, { user_id: 'u', cookie: 'c=1', 'x-bare-password': 'p', 'user-agent': 'curl/8' }, {}],
    [
      'those of FORWARD_HEADERS',
      { forwardHeaders: ['X-Tenant', 'constructor', 'authorization'] },
      { ...MINE, 'x-tenant': 't', 'x-other': 'o' },
      { ...MINE, 'x-tenant': 't' },
    ],
    [
      'those of FORWARD_HEADERS as bytes, whatever they say',
      { forwardHeaders: ['x-tenant'] },
      { 'x-tenant': 'M\u00fcller, {"a": [1]}; \\"' },
      { 'x-tenant': 'M\u00fcller, {"a": [1]}; \\"' },
    ],
  ])('%s', async (_name, config, headers, expected) => {
    await using opened = await openGatewayOver(noRuns, config);
    const sent = { ...headers, 'x-request-id': 'mine' };
    expect(await opened.execute(QUERY, {}, sent)).toEqual(EMPTY);
    const { host: _host, ...received } = opened.upstream.requests[0]?.headers ?? {};
    expect(received).toEqual({ ...OURS, 'x-request-id': 'mine', ...expected });
  });

  it('go upstream with no health check, which is that of the gateway', async () => {
    await using opened = await openGatewayOver(() => ({ body: {} }), { apiKey: 'key', project: 'p' });
    await opened.gateway.fetch(
      new Request('http://gateway/ready', { headers: { ...MINE, 'x-project': 'q' } }),
    );
    const { host: _host, ...received } = opened.upstream.requests[0]?.headers ?? {};
    expect(received).toEqual(OURS);
  });

  it.each<[string, Headers, string]>([
    ['control characters', { 'x-project': 'a\u0001b' }, 'Invalid header x-project'],
    ['a DEL', { 'x-tenant': 'a\u007fb' }, 'Invalid header x-tenant'],
  ])('with %s are refused by name, and nothing goes upstream', async (_name, headers, message) => {
    await using opened = await openGatewayOver(noRuns, { forwardHeaders: ['x-tenant'] });
    const request = new Request(`http://gateway/graphql?query=${QUERY}`, { headers });
    const response = await opened.gateway.fetch(request);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [
        { message: expect.stringContaining(message), extensions: { code: 'BAD_REQUEST', retryable: false } },
      ],
    });
    expect(opened.upstream.requests).toEqual([]);
  });
});

/** An upstream that shows whom it was asked by, and answers all at once when that is let go. */
async function openHeld(config: GatewayOptions = {}) {
  const gate = { opened: Promise.withResolvers<void>() };
  const opened = await openGatewayOver(async ({ headers }) => {
    const asker = JSON.stringify([headers.authorization, headers['x-project'], headers['x-tenant']]);
    await gate.opened.promise;
    return { body: [{ id: 'run-00000001', agent_id: asker, created_at: '2025-01-01T00:00:00Z' }] };
  }, config);
  const ask = async (all: readonly Headers[]): Promise<readonly unknown[]> => {
    gate.opened = Promise.withResolvers();
    const answers = all.map((headers) =>
      opened.execute<{ runs: { nodes: { agentId: string }[] } | null }>(QUERY, {}, headers),
    );
    await settle(5);
    gate.opened.resolve();
    return (await Promise.all(answers)).map(({ data }) => data?.runs?.nodes[0]?.agentId);
  };
  return { ...opened, ask };
}

describe('Identical queries of callers in flight', () => {
  /** Values that look like each other, and like parts of keys. */
  const value = fc.oneof(
    fc.constantFrom('', 'null', 'undefined', 'a', 'b', 'a, b', '"', '","', '\\', ']', '["a"]', 'null,null'),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', ':', '\u00ff'), maxLength: 6 }),
  );
  const sent = fc.record(
    { authorization: value, 'x-project': value, 'x-tenant': value },
    { requiredKeys: [] },
  );

  it('are one request exactly for callers who send the same headers, and each gets its own answer', async () => {
    await using held = await openHeld({ forwardHeaders: ['x-tenant'] });
    await fc.assert(
      fc.asyncProperty(sent, sent, async (one, other) => {
        held.upstream.requests.length = 0;
        const asker = (of: typeof one) => JSON.stringify([of.authorization, of['x-project'], of['x-tenant']]);
        expect(await held.ask([one, other])).toEqual([asker(one), asker(other)]);
        expect(held.upstream.requests).toHaveLength(asker(one) === asker(other) ? 1 : 2);
      }),
      {
        numRuns: propertyRuns(200),
        examples: [
          [{}, { 'x-project': 'null' }],
          [{ 'x-project': 'a' }, { 'x-tenant': 'a' }],
          [{ 'x-project': 'a' }, { 'x-project': 'a' }],
        ],
      },
    );
  });

  it('are one request for who names the PROJECT of the gateway and who names none, and for tokens of one label', async () => {
    const config = { project: 'ours', accessTokens: ['alice:1', 'alice:2', 'bob:3'], apiKey: 'key' };
    await using held = await openHeld(config);
    const [one, two, three] = ['1', '2', '3'].map((token) => ({ authorization: `Bearer ${token}` }));
    await held.ask([{ ...one }, { ...one, 'x-project': 'ours' }, { ...two }]);
    expect(held.upstream.requests).toHaveLength(1);
    await held.ask([{ ...one }, { ...three }]);
    expect(held.upstream.requests).toHaveLength(3);
  });
});
