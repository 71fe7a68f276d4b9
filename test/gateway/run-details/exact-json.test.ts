import { describe, expect, it } from 'vitest';
import { post } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

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
  return await post(test.gateway, { query });
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

it('20,000 levels of JSON that V8 cannot parse are an error in a run, and in a variable', async () => {
  const deep = `{"\\n":${nest('[', '1')}}`;
  const [{ extensions }] = JSON.parse(await askOver(`"metadata":${deep}`, LOOK_UP)).errors;
  expect(extensions).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  await using test = await openGatewayOver(() => ({ body: [] }));
  const text = await post(test.gateway, `{"query":"{ __typename }","variables":{"v":${deep}}}`);
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

describe.each(Object.entries(DEEP))('20,000 levels of %s', (_name, deep) => {
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

it.each(['9007199254740981', '-9007199254740981', '0.1'])(
  'The number %s that a query has for metadata finds it alone',
  async (number) => {
    const find = (text: string) =>
      askOver(
        `"metadata":{"n":${number}}`,
        `{ runs(metadata: { path: "n", equals: ${text} }) { nodes { id } } }`,
      );
    expect(await find(number)).toBe(`{"data":{"runs":{"nodes":[{"id":"${ID}"}]}}}`);
    expect(await find(`${number.slice(0, -1)}2`)).toBe('{"data":{"runs":{"nodes":[]}}}');
  },
);
