import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
import { post } from '../support/execute.ts';
import { openGatewayOver } from '../support/open-gateway.ts';

const ID = 'run-00000000-0000-4000-8000-000000000001';
const METADATA = '{ runs(first: 1) { nodes { metadata } } }';
const LOOK_UP = `{ run(id: "${ID}") { metadata } }`;

const rowWith = (member: string): string =>
  `{"id":"${ID}","agent_id":"agent-1","created_at":"2025-01-01T00:00:05Z",${member}}`;

/** The whole answer to a query over a run that has this member. */
async function askOver(member: string, query: string, rowCopying = true): Promise<string> {
  const row = rowWith(member);
  const answer = ({ path }: { path: string }) => ({ body: path.includes(ID) ? row : `[${row}]` });
  await using test = await openGatewayOver(answer, { rowCopying });
  return await post(test.gateway, JSON.stringify({ query }));
}

/** Compared as a whole, but printed in part. */
function expectText(text: string, expected: string): void {
  expect([text.slice(0, 200), text === expected]).toEqual([expected.slice(0, 200), true]);
}

const nest = (start: string, inner: string): string =>
  start.repeat(20_000) + inner + (start === '[' ? ']' : '}').repeat(20_000);

/** V8 has fast paths without recursion, from which keys that are numbers fall. */
const DEEP: Readonly<Record<string, string>> = {
  objects: `{"x":${nest('{"a":', '1')}}`,
  'objects with numbers as keys': `{"x":${nest('{"1":', '1')}}`,
};

/** These can't be parsed by V8 alone. */
const TOO_DEEP: Readonly<Record<string, string>> = {
  'lists with a long integer': `{"x":${nest('[', '12345678901234567890')}}`,
  'lists in an object with an escaped key': `{"\\n":${nest('[', '1')}}`,
};

describe.each(Object.entries(TOO_DEEP))('Twenty thousand levels of %s', (_name, deep) => {
  it('are an error in a run, and in a variable', async () => {
    const [{ extensions }] = JSON.parse(await askOver(`"metadata":${deep}`, LOOK_UP)).errors;
    expect(extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    await using test = await openGatewayOver(() => ({ body: [] }));
    // Of what clients send, long integers are doubles.
    const body = `{"query":"{ __typename }","variables":{"v":${deep}}}`;
    const { errors } = JSON.parse(
      await post(test.gateway, body.replace('12345678901234567890', '{"\\n":1}')),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });
});

describe.each(Object.entries(DEEP))('Twenty thousand levels of %s', (_name, deep) => {
  it.each([true, false])('in metadata are passed on unchanged (row copying: %s)', async (rowCopying) => {
    const member = `"metadata":${deep}`;
    const listed = await askOver(member, METADATA, rowCopying);
    expectText(listed, `{"data":{"runs":{"nodes":[{"metadata":${deep}}]}}}`);
    expectText(await askOver(member, LOOK_UP, rowCopying), `{"data":{"run":{"metadata":${deep}}}}`);
  });

  it.each([
    [
      "a reference's type",
      'query ($v: [_Any!]!) { _entities(representations: $v) { __typename } }',
      `[{"__typename":${deep}}]`,
    ],
    ['a variable', 'query ($v: [ID!]) { runs(first: 1, agentIds: $v) { nodes { id } } }', deep],
  ])('in %s are refused', async (_place, query, value) => {
    await using test = await openGatewayOver(() => ({ body: [] }));
    const text = await post(test.gateway, `{"query":${JSON.stringify(query)},"variables":{"v":${value}}}`);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});

it('Copied rows keep their spelling beside errors of other fields', async () => {
  const text = await askOver(
    '"metadata":{"n":1.0}',
    `${METADATA.slice(0, -1)} none: runs(first: -1) { nodes { id } } }`,
  );
  expect(text).toMatch(
    /^{"errors":\[{.*}\],"data":{"runs":{"nodes":\[{"metadata":{"n":1\.0}}\]},"none":null}}$/,
  );
});

describe('What one caller sends', () => {
  const send = (gateway: Gateway, method: string, query: string, variables: string): Promise<string> =>
    method === 'POST'
      ? post(gateway, `{"query":${JSON.stringify(query)},"variables":${variables}}`)
      : gateway
          .fetch(new Request(`http://gateway/graphql?${new URLSearchParams({ query, variables })}`))
          .then((response) => response.text());

  it.each(['POST', 'GET'])(
    "doesn't change the keys of what another sends and is sent, by %s",
    async (method) => {
      const metadata = String.raw`{"a":1,"\n":2}`;
      const row = rowWith(`"metadata":${metadata}`);
      await using test = await openGatewayOver(() => ({ body: `[${row}]` }), { rowCopying: false });
      // V8 confuses the keys of objects whose texts begin alike.
      for (const key of [String.raw`\\`, String.raw`\\`, String.raw`\\u`, String.raw`\\u`]) {
        await send(test.gateway, method, '{ __typename }', `{"a":1,"${key}":1}`);
      }
      const text = await send(test.gateway, method, METADATA, '{}');
      expect(text).toBe(`{"data":{"runs":{"nodes":[{"metadata":${metadata}}]}}}`);
      const query = 'query ($a: Int, $id: ID!) { runs(first: $a, agentId: $id) { nodes { id } } }';
      expect(await send(test.gateway, method, query, String.raw`{"a":1,"\u0069d":"agent-1"}`)).toBe(
        `{"data":{"runs":{"nodes":[{"id":"${ID}"}]}}}`,
      );
    },
  );
});
