import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClientSchema, buildSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import { printClientSdl, schema, schemaWith } from '../../../src/schema/index.ts';
import { runId, running } from '../../support/cancelling-upstream.ts';
import { execute } from '../../support/execute.ts';
import { cancel, startCancelTest } from './cancel.ts';

/** The types that only mutations have. */
const OF_MUTATIONS = ['Mutation', 'CancelRunsPayload', 'CancelRunFailure', 'CancelRunFailureCode'];
const withoutTypes = (sdl: string): string =>
  OF_MUTATIONS.reduce(
    (text, name) =>
      text.replace(new RegExp(`"""(?:(?!""").)*"""\\n(?:type|enum) ${name} {.*?\\n}\\n\\n`, 's'), ''),
    sdl.replace('  mutation: Mutation\n', ''),
  );

describe('With READ_ONLY', () => {
  it('the schema is the same without mutations, in the same order', () => {
    const whole = printSchema(schema);
    expect(printSchema(schemaWith({ readOnly: true }))).toBe(withoutTypes(whole));
    for (const name of OF_MUTATIONS) expect(withoutTypes(whole)).not.toContain(name);
    expect(printClientSdl()).toContain('type Mutation {');
  });

  it('a mutation is not valid, and nothing is sent', async () => {
    await using test = await startCancelTest({ 1: running() }, { readOnly: true });
    const { data, errors } = await cancel(test, [runId(1)]);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(test.upstream.requests).toEqual([]);
    expect(await execute(test.gateway, `{ run(id: "${runId(1)}") { status } }`)).toEqual({
      data: { run: { status: 'RUNNING' } },
    });
  });

  it('a mutation by GET is refused as without it, by its method', async () => {
    await using test = await startCancelTest({}, { readOnly: true });
    const search = new URLSearchParams({ query: 'mutation { __typename }' });
    const response = await test.gateway.fetch(new Request(`http://gateway/graphql?${search}`));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
  });

  it.each([true, false])('neither clients nor routers are shown mutations: %s', async (readOnly) => {
    await using test = await startCancelTest({}, { readOnly });
    const { data } = await execute<never, never>(test.gateway, getIntrospectionQuery());
    expect(printSchema(buildClientSchema(data ?? fail())).includes('cancelRuns')).toBe(!readOnly);
    const { data: service } = await execute<{ _service: { sdl: string } }, never>(
      test.gateway,
      '{ _service { sdl } }',
    );
    const sdl = service?._service.sdl ?? '';
    for (const name of OF_MUTATIONS) expect(sdl.includes(name)).toBe(!readOnly);
    const parsed = buildSchema(sdl, { assumeValidSDL: true });
    expect(parsed.getQueryType()?.getFields()['runs']).toBeDefined();
  });

  it('a manifest with a mutation keeps it from starting', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'read-only-'));
    const manifest = join(folder.path, 'manifest.json');
    await writeFile(
      manifest,
      JSON.stringify({ 'cancel-it': 'mutation { cancelRuns(ids: []) { runs { id } } }' }),
    );
    const options = { upstreamUrl: 'http://127.0.0.1:1', persistedDocuments: manifest };
    await expect(createGateway({ ...options, readOnly: true })).rejects.toThrow(
      'cancel-it: expected operations of the schema, but got a mutation',
    );
    await using gateway = await createGateway(options);
    expect(gateway.endpoint).toBe('/graphql');
  });
});

function fail(): never {
  throw new Error('No data');
}
