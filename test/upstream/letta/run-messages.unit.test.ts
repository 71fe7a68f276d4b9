import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../src/errors/gateway-error.ts';
import { createPageSizes, type PageSizes } from '../../../src/lists/ranges/page-sizes.ts';
import { LIST_PAGES } from '../../../src/runs/limits.ts';
import { createRunMessages } from '../../../src/upstream/letta/run-messages.ts';
import { decodeMessages } from '../../../src/wire/decode-messages.ts';
import {
  createPages,
  type ModelRun,
  modelRuns,
  type ModelServer,
  wholeList,
} from '../../support/letta-messages.ts';
import { propertyRuns, TEST_TIMEOUT_MS } from '../../support/property-runs.ts';

const RUN_ID = 'run-1';

function serve(
  run: ModelRun,
  server: ModelServer = {},
  sizes: PageSizes = createPageSizes(LIST_PAGES.messages),
) {
  let current = run;
  const { page, requests } = createPages(() => current, server);
  const open = () =>
    createRunMessages(
      RUN_ID,
      async () => run.types !== null,
      { page, following: { parameter: 'after' }, failedCheck() {} },
      sizes,
      () => undefined,
    );
  const change = (next: ModelRun): void => {
    current = next;
  };
  return { open, requests, change, expected: decodeMessages(wholeList(run), RUN_ID) };
}

const users = (count: number): ModelRun => ({
  stored: Array.from({ length: count }, (_, index) => ({ id: `message-${index}`, role: 'user' })),
  types: null,
});
/** A call and its return, again and again. */
const calls = (count: number, isSend: boolean): ModelRun => ({
  stored: Array.from({ length: count }, (_, index) => index).flatMap((index): ModelRun['stored'] => [
    { id: `message-${index}a`, role: 'assistant', text: false, calls: [{ id: `call-${index}`, isSend }] },
    { id: `message-${index}b`, role: 'tool', callId: `call-${index}` },
  ]),
  types: null,
});

/** The same run, but for some messages that come without an id that can be used. */
const nameless = ({ stored, types }: ModelRun, ...indexes: number[]): ModelRun => ({
  stored: stored.map((each, index) => (indexes.includes(index) ? { ...each, id: '' } : each)),
  types,
});
const onlyUsers = (run: ModelRun): ModelRun => ({ ...run, types: ['user_message'] });

describe('The messages of a run', () => {
  it(
    'are those of the whole list, or an error, whatever the upstream gives at a time',
    async () => {
      let told = 0;
      let all = 0;
      await fc.assert(
        fc.asyncProperty(
          modelRuns(200),
          fc.option(fc.constantFrom(199, 200, 201, 249, 250, 251), { nil: undefined }),
          fc.constantFrom(Infinity, 200, 50, 50, 20, 10),
          fc.constantFrom('after', 'before'),
          fc.nat(300),
          async ({ stored, types }, length, max, following, wanted) => {
            const run = { stored: stored.slice(0, length), types };
            const { open, expected } = serve(run, { max, following });
            const list = open();
            const read = list.read((items) => items.length >= wanted).then(() => list.read());
            const outcome = await read.catch((error: unknown) => error);
            all += 1;
            if (outcome instanceof Error) {
              expect(outcome).toBeInstanceOf(UnsupportedError);
              expect(max).toBeLessThanOrEqual(200);
              return;
            }
            told += 1;
            expect(outcome).toEqual({ items: expected, isWhole: true });
          },
        ),
        { numRuns: propertyRuns(150) },
      );
      // About 0.85, but random.
      expect(told / all).toBeGreaterThan(0.5);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'begin and end as the whole list does, where not all is read',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          modelRuns(200),
          fc.constantFrom(Infinity, 200, 50),
          fc.nat(60),
          async (run, max, wanted) => {
            const { open, expected } = serve(run, { max });
            const list = open();
            const { items, isWhole } = await list
              .read((some) => some.length >= wanted)
              .catch(() => ({ items: [], isWhole: true }));
            expect(items).toEqual(expected.slice(0, items.length));
            if (isWhole) return;
            const last = (await list.readLast(wanted)) ?? [];
            expect(last).toEqual(expected.slice(expected.length - last.length));
          },
        ),
        { numRuns: propertyRuns(50) },
      );
    },
    TEST_TIMEOUT_MS,
  );

  const WHOLE = 'order=asc&limit=2147483647';
  it.each<[name: string, run: ModelRun, max: number, requests: readonly string[]]>([
    ['none', users(0), 200, ['order=asc&limit=200']],
    ['199', users(199), 200, ['order=asc&limit=200']],
    ['120 of an agent', calls(60, false), 200, ['order=asc&limit=200']],
    ['8 of an agent that sends messages', calls(4, true), 200, ['order=asc&limit=200']],
    ['100, as some servers give at a time', users(100), 200, ['order=asc&limit=200']],
    ['300 where all can be had at once', users(300), Infinity, ['order=asc&limit=200', WHOLE]],
    ['300 where 200 can', users(300), 200, ['order=asc&limit=200', WHOLE, 'order=desc&limit=200']],
    [
      '500 where 200 can',
      users(500),
      200,
      ['order=asc&limit=200', WHOLE, 'order=desc&limit=200', 'order=asc&limit=200&after=message-149'],
    ],
  ])('are requested together as far as possible: %s', async (_name, run, max, requests) => {
    const served = serve(run, { max });
    expect(await served.open().read()).toEqual({ items: served.expected, isWhole: true });
    expect(served.requests).toEqual(requests);
  });

  it('are requested at once, once it is known that all can be had, and in pages otherwise', async () => {
    for (const [max, count] of [
      [Infinity, 1],
      [200, 2],
    ] as const) {
      const served = serve(users(300), { max });
      await served.open().read();
      served.requests.length = 0;
      await served.open().read();
      expect(served.requests).toHaveLength(count);
    }
  });

  it.each<[name: string, run: ModelRun]>([
    ['200 and one without an id before the end', nameless(users(250), 150)],
    ['249 and one without an id at the end', nameless(users(250), 249)],
    ['248 and two without an id at the end', nameless(users(250), 248, 249)],
    ['200 of those that the run returns', onlyUsers(users(200))],
    [
      '200 of those that the run returns, and more than a page of others behind',
      onlyUsers({ stored: [...users(200).stored, ...calls(125, false).stored], types: null }),
    ],
    ['so many that only what hides may be 250', calls(120, true)],
  ])('are the whole list though a cut one might look so: %s', async (_name, run) => {
    const sizes = createPageSizes(LIST_PAGES.messages);
    const served = serve(run, {}, sizes);
    expect(await served.open().read()).toEqual({ items: served.expected, isWhole: true });
    expect(served.requests).toHaveLength(3);
    expect(sizes.givesWhole).toBe(true);
  });

  it.each([200, 250])('are all there where %i come at a time without a word', async (max) => {
    const sizes = createPageSizes(LIST_PAGES.messages);
    for (const run of [
      users(max),
      users(3 * max),
      users(max - 1),
      calls(2 * max, true),
      users(5 * max + 1),
    ]) {
      const served = serve(run, { max, isSilent: true }, sizes);
      expect(await served.open().read()).toEqual({ items: served.expected, isWhole: true });
    }
    expect(sizes.current).toBe(200);
  });

  it('are not taken to be cut because of one that came meanwhile', async () => {
    const sizes = createPageSizes(LIST_PAGES.messages);
    const run = users(200);
    const served = serve(
      run,
      { max: 200, onRequest: () => served.change(users(200 + served.requests.length - 1)) },
      sizes,
    );
    expect((await served.open().read()).items.length).toBeGreaterThan(200);
    expect(sizes.current).toBe(200);
  });

  it('are read once, by however many', async () => {
    const served = serve(users(300));
    const list = served.open();
    await Promise.all([list.read((items) => items.length > 10), list.read(), list.read()]);
    expect(served.requests).toHaveLength(2);
  });

  it('are read again if one is deleted meanwhile, and no more if that never ends', async () => {
    const run = users(500);
    let requests = 0;
    const first = serve(run, { max: 200, onRequest: () => (requests += 1) === 4 && first.change(without) });
    const without = { ...run, stored: run.stored.toSpliced(149, 1) };
    expect((await first.open().read()).items).toEqual(decodeMessages(wholeList(without), RUN_ID));

    let left = run.stored;
    const second = serve(run, {
      max: 200,
      onRequest: () => {
        left = left.toSpliced(149, 1);
        second.change({ ...run, stored: left });
      },
    });
    await expect(second.open().read()).rejects.toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    expect(second.requests.length).toBeLessThan(30);
  });

  it('are an error where the order is ignored, also from the end', async () => {
    const server = { max: 200, ignoresOrder: true };
    await expect(serve(users(500), server).open().read()).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
    });
    const list = serve(users(500), server).open();
    await list.read((some) => some.length > 0);
    await expect(list.readLast(5)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });

  it('are an error where cursors are ignored', async () => {
    const served = serve(users(500), { max: 200, following: null });
    await expect(served.open().read()).rejects.toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });
});
