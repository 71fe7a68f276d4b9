import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { byVersion } from '../../support/by-version.ts';
import { type Headers, post } from '../../support/execute.ts';
import { runId } from '../../support/ids.ts';
import { newFolder } from '../../support/new-folder.ts';
import type { OpenGateway } from '../../support/open-gateway.ts';
import { watch } from '../../support/watch.ts';
import { cancel, openRuns } from './cancel.ts';

const TEXT = `mutation { cancelRuns(ids: ["${runId(1)}"]) { runs { status } } }`;
const CANCELLED = { data: { cancelRuns: { runs: [{ status: 'CANCELLED' }] } } };
const QUERY = `{ run(id: "${runId(1)}") { status } }`;

async function send({ gateway }: OpenGateway, body: object, headers?: Headers): Promise<unknown> {
  return JSON.parse(await post(gateway, body, headers));
}

function get({ gateway }: OpenGateway, search: Headers, headers: Headers = {}): Promise<Response> {
  return gateway.fetch(new Request(`http://gateway/graphql?${new URLSearchParams(search)}`, { headers }));
}

const error = (code: string, message: unknown = expect.any(String)) => ({
  errors: [expect.objectContaining({ message, extensions: expect.objectContaining({ code }) })],
});

describe('cancelRuns cancels', () => {
  it('by no GET, whatever it accepts', async () => {
    await using test = await openRuns({ 1: {} });
    const expected = error(
      'METHOD_NOT_ALLOWED',
      'Can only perform a mutation operation from a POST request.',
    );
    const response = await get(test, { query: TEXT });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toEqual(expected);
    const events = await get(test, { query: TEXT }, { accept: 'text/event-stream' });
    expect(await events.text()).toContain('METHOD_NOT_ALLOWED');
    expect(test.upstream.requests).toEqual([]);
  });

  it('at a cost, which the rate limit counts before anything is sent', async () => {
    // Four reads and a POST at 2 each, a run and a failure.
    await using test = await openRuns({}, { rateLimit: 2 * 12 + 11, maxCost: 24 });
    expect((await cancel(test, [runId(1), runId(2)])).errors).toBeUndefined();
    const sent = test.upstream.requests.length;
    expect(await cancel(test, [runId(1)])).toMatchObject(error('RATE_LIMITED'));
    const { errors } = await cancel(test, [runId(1), runId(2), runId(3)], { authorization: 'Bearer other' });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'COST_LIMIT_EXCEEDED',
      cost: 36,
      field: 'cancelRuns',
    });
    expect(test.upstream.requests).toHaveLength(sent);
  });
});

describe('READ_ONLY_ACCESS_TOKENS cancel nothing', () => {
  const REFUSED = 'This access token is read-only, and may not send mutations. Nothing was changed.';
  const config = { accessTokens: ['full'], readOnlyAccessTokens: ['ci:reads'], apiKey: 'key', rateLimit: 30 };
  const headers = { authorization: 'Bearer reads' };

  it.each(['application/json', 'text/event-stream'])(
    'by a client that accepts %s, at the cost of any request',
    async (accept) => {
      await using test = await openRuns({ 1: {} }, config);
      for (let count = 0; count < 10; count++) {
        const text = await post(test.gateway, { query: TEXT }, { accept, ...headers });
        expect(text).toContain(REFUSED);
        expect(text).toContain('"code":"FORBIDDEN"');
        expect(text).not.toContain('"data"');
      }
      expect(test.upstream.requests).toEqual([]);
      expect(await send(test, { query: QUERY }, headers)).toEqual({ data: { run: { status: 'RUNNING' } } });
      expect(await send(test, { query: TEXT }, { authorization: 'Bearer full' })).toEqual(CANCELLED);
    },
  );

  it('by GET, by a stream, or among others', async () => {
    await using test = await openRuns({ 1: {} }, config);
    const response = await get(test, { query: TEXT }, headers);
    expect(await response.json()).toEqual(error('METHOD_NOT_ALLOWED'));
    const query = `query Q { __typename } ${TEXT.replace('mutation', 'mutation M')}`;
    expect(await send(test, { query, operationName: 'M' }, headers)).toEqual(error('FORBIDDEN', REFUSED));
    const watching = watch(test.gateway, TEXT, { headers });
    await expect.poll(() => watching.isOver).toBe(true);
    expect(watching.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(test.upstream.requests).toEqual([]);
  });
});

describe('READ_ONLY', () => {
  it('a mutation is not valid, nothing is sent, and reading goes on', async () => {
    await using test = await openRuns({ 1: {} }, { readOnly: true });
    expect(await cancel(test, [runId(1)])).toEqual(error('GRAPHQL_VALIDATION_FAILED'));
    const response = await get(test, { query: 'mutation { __typename }' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(test.upstream.requests).toEqual([]);
    expect(await send(test, { query: QUERY })).toEqual({ data: { run: { status: 'RUNNING' } } });
  });

  it.each([true, false])('neither clients nor routers are shown mutations: %s', async (readOnly) => {
    await using test = await openRuns({}, { readOnly });
    for (const query of [getIntrospectionQuery(), '{ _service { sdl } }']) {
      const shown = JSON.stringify(await test.execute(query));
      if (readOnly) expect(/Mutation|CancelRun|cancelPreview/.exec(shown)).toBeNull();
      else expect(shown).toContain('cancelRuns');
    }
  });

  it('a manifest with a mutation keeps the gateway from starting', async () => {
    using folder = newFolder();
    const persistedDocuments = folder.file('manifest.json', JSON.stringify({ 'cancel-it': TEXT }));
    await expect(openRuns({}, { persistedDocuments, readOnly: true })).rejects.toThrow(
      `cancel-it: ${byVersion(
        'expected operations of the schema, but got a mutation',
        'The mutation operation is not supported by the schema.',
      )}`,
    );
    await using _test = await openRuns({}, { persistedDocuments });
  });
});
