import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { expect, it } from 'vitest';
import { mixedRunId } from '../../support/ids.ts';
import { jwtPlugin, tokenOf } from '../../support/jwt.ts';
import { ANSWER, openWithPlugins, PAGE, UPDATES } from '../../support/with-plugins.ts';

const by = (token: string) => ({ authorization: `Bearer ${token}` });

it.each([
  ['is answered with a valid token', by(tokenOf({ sub: 'alice' }, 'key')), 'alice', 200],
  ['is refused with none', {}, 'UNAUTHENTICATED', 401],
  ['is refused with one of somebody else', by(tokenOf({ sub: 'alice' }, 'other')), 'UNAUTHENTICATED', 401],
  ['is refused with nonsense', by('x'), 'BAD_REQUEST', 400],
])('With useJWT, a caller %s', async (_name, headers, expected, status) => {
  const seen: unknown[] = [];
  const look = {
    onExecute: ({ args }: { args: { contextValue: object } }) =>
      void seen.push(Object(args.contextValue).jwt.payload.sub),
  };
  await using test = await openWithPlugins([jwtPlugin(), look]);
  const { text, ...answer } = await test.send(PAGE, headers);
  expect([answer.status, answer.asked]).toEqual([status, status === 200 ? 1 : 0]);
  if (status === 200) expect([text, seen]).toEqual([ANSWER, [expected]]);
  else expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: expected } }] });
});

it('With useResponseCache, a query is sent once for each caller, until a mutation changes what it shows', async () => {
  const cache = useResponseCache({ session: (request) => request.headers.get('authorization'), ttl: 60_000 });
  await using test = await openWithPlugins([cache]);
  for (const [caller, asked] of [
    ['alice', 1],
    ['alice', 0],
    ['bob', 1],
  ] as const)
    expect(await test.send(PAGE, by(caller))).toMatchObject({ status: 200, text: ANSWER, asked });
  const cancel = `mutation { cancelRuns(ids: ["${mixedRunId(3)}"]) { runs { id } } }`;
  expect((await test.send(cancel, by('alice'))).text).toContain(mixedRunId(3));
  expect(await test.send(PAGE, by('alice'))).toMatchObject({ text: ANSWER, asked: 1 });
  for (let turn = 0; turn < 2; turn++) {
    const { asked } = await test.send(UPDATES, { ...by('alice'), accept: 'text/event-stream' });
    expect(asked).toBeGreaterThan(0);
  }
});

it('With useDisableIntrospection, introspection is not valid for whom it is disabled, and other queries are', async () => {
  const isDisabled = ({ headers }: Request) => headers.get('authorization') !== 'Bearer admin';
  await using test = await openWithPlugins([useDisableIntrospection({ isDisabled })]);
  for (const caller of ['guest', 'admin', 'guest', 'admin']) {
    const { text } = await test.send('{ __schema { queryType { name } } }', by(caller));
    expect(text).toContain(caller === 'admin' ? '"queryType"' : 'GRAPHQL_VALIDATION_FAILED');
    expect((await test.send(PAGE, by(caller))).text).toBe(ANSWER);
  }
});
