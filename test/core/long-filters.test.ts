import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ArgumentError } from '../../src/errors/gateway-error.ts';
import { COLORS, OWNERS, pages, rowLists, servers } from './arbitraries.ts';
import { argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, serve } from './fake-list.ts';
import { check } from './property.ts';

it('A page of several values is that of the Relay specification', async () => {
  const filter = fc.record({
    owners: fc.oneof(fc.constant(undefined), fc.subarray([...OWNERS, 'eve', 'ann'], { minLength: 1 })),
    colors: fc.oneof(fc.constant(undefined), fc.subarray([...COLORS, 'green'], { minLength: 1 })),
  });
  const cases = fc.record({ rows: rowLists(), server: servers, page: pages, filter });
  await check(cases, 1000, async ({ rows, server, page, filter: values }) => {
    const { asked, texts } = argumentsOf(page, rows);
    const request = { ...page, filter: values };
    expectPage(await loadFrom(serve(rows, server), request, texts), rows, asked, request);
  });
});

it.each([
  // The path, a limit and an order have 24 bytes.
  [2, 24 + 2 * 14, true],
  [2, 24 + 2 * 14 - 1, false],
  [40, 10, false],
])(
  'A request for %i owners in %i bytes is refused if they do not fit: they do is %s',
  async (count, maxPathBytes, isFitting) => {
    const owners = Array.from({ length: count }, (_, index) => `o${10 + index}`);
    const list = new FakeList({ rows: [], dialect: 'reversed', maxPathBytes });
    const found = list.readRange({ filter: { owners }, order: 'asc', after: null, limit: 10 });
    if (isFitting) {
      expect([...(await found)]).toEqual([]);
      return;
    }
    const error = await found.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ArgumentError);
    const length = 24 + count * 14;
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { argument: 'owners' },
      message: `owners: ${count} values are too many for one request to the API, whose address may have ${maxPathBytes} bytes, but would have ${length}. Ask for some of them at a time.`,
    });
    expect(list.asked).toEqual([]);
  },
);
