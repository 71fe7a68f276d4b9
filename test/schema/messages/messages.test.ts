import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import {
  MESSAGE_TYPES,
  RUN_ID,
  type ShownMessage,
  shownMessages,
  storedMessages,
} from '../../support/message-model.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { relayPage } from '../../support/relay-algorithm.ts';
import { type ServedMessages, serveMessages } from '../../support/served-messages.ts';

let served: ServedMessages;
beforeAll(async () => {
  served = await serveMessages();
});
afterAll(() => served[Symbol.asyncDispose]());

const types = fc.option(
  fc.uniqueArray(fc.constantFrom(...MESSAGE_TYPES, 'UNRECOGNIZED'), { minLength: 1, maxLength: 4 }),
  { nil: undefined },
);
/** A place in the list as a fraction of its length. */
const place = fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined });
const request = fc.record({
  forward: fc.boolean(),
  size: fc.option(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1000 })), {
    nil: undefined,
  }),
  after: place,
  before: place,
  types,
});

function atPlace(list: readonly ShownMessage[], fraction: number | undefined): ShownMessage | undefined {
  return fraction === undefined ? undefined : list[Math.floor(fraction * list.length)];
}

describe('A list of messages', () => {
  it('is what was stored, with ids that are unique and stay, on any page and while the run grows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(storedMessages({ maxLength: 20 }), storedMessages({ minLength: 100, maxLength: 400 })),
        fc.array(fc.tuple(fc.nat(100), request), { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 399 }), { maxLength: 40, size: 'max' }),
        async (inserted, requests, hidden) => {
          // The list is the one that starts at the first message: it has no such return.
          const returns = new Set(hidden);
          const stored = inserted.map((message, index) => (returns.has(index) ? [] : message));
          const cursors = new Map<string, string>();
          const sizes = requests.map(([percent]) => Math.ceil((percent / 100) * stored.length));
          const whole = shownMessages(stored);
          expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
          for (const [index, size] of sizes.toSorted((a, b) => a - b).entries()) {
            served.serve(inserted.slice(0, size), [], returns);
            const all = shownMessages(stored.slice(0, size));
            const drawn = requests[index]?.[1];
            if (drawn === undefined) return;
            const [after, before] = [atPlace(all, drawn.after), atPlace(all, drawn.before)];
            // A cursor of an earlier page, when the run was shorter, or else the id of the message.
            const cursorOf = (message: ShownMessage | undefined) =>
              message && (cursors.get(message.id) ?? message.id);
            const page = await served.page({
              ...(drawn.size !== undefined && { [drawn.forward ? 'first' : 'last']: drawn.size }),
              after: cursorOf(after),
              before: cursorOf(before),
              types: drawn.types,
            });
            const expected = relayPage(all, ({ messageType }) => drawn.types?.includes(messageType) ?? true, {
              [drawn.size !== undefined && !drawn.forward ? 'last' : 'first']: drawn.size ?? 100,
              after,
              before,
            });
            expect(page.edges.map(({ node }) => node)).toEqual(expected.rows);
            expect(page.pageInfo).toEqual({
              hasNextPage: expected.hasNextPage,
              hasPreviousPage: expected.hasPreviousPage,
              startCursor: page.edges[0]?.cursor ?? null,
              endCursor: page.edges.at(-1)?.cursor ?? null,
            });
            for (const { cursor, node } of page.edges) {
              expect(cursors.get(node.id) ?? cursor).toBe(cursor);
              cursors.set(node.id, cursor);
            }
          }
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });

  it.each(['first', 'last'] as const)('is walked whole by %s, while it grows at its end', async (way) => {
    const [stored = []] = fc.sample(storedMessages({ minLength: 150, maxLength: 200 }), {
      numRuns: 1,
      seed: 7,
    });
    let size = way === 'first' ? 50 : stored.length;
    served.serve(stored.slice(0, size));
    const seen: ShownMessage[] = [];
    let page = await served.page({ [way]: 17 });
    for (;;) {
      const nodes = page.edges.map(({ node }) => node);
      if (way === 'first') seen.push(...nodes);
      else seen.unshift(...nodes);
      size += 3;
      served.serve(stored.slice(0, size));
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
      if (!(way === 'first' ? hasNextPage : hasPreviousPage)) break;
      page = await served.page({
        [way]: 17,
        ...(way === 'first' ? { after: endCursor ?? '' } : { before: startCursor ?? '' }),
      });
    }
    expect(seen).toEqual(shownMessages(stored).slice(0, seen.length));
    expect(seen.length).toBeGreaterThan(200);
  });

  it('is empty for a run without messages', async () => {
    served.serve([]);
    const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    expect(await served.page({})).toEqual({ edges: [], pageInfo });
  });

  it.each([
    ['types: []', 'types', 'BAD_USER_INPUT'],
    ['first: 1001', 'first', 'BAD_USER_INPUT'],
    ['first: 1, last: 1', 'last', 'BAD_USER_INPUT'],
    ['after: "message-1"', 'after', 'INVALID_CURSOR'],
    ['before: "message-1:0"', 'before', 'INVALID_CURSOR'],
  ])('refuses %s', async (args, argument, code) => {
    served.serve([]);
    const answer = await execute(
      served.gateway,
      `{ run(id: "${RUN_ID}") { id messages(${args}) { nodes { id } } } }`,
    );
    expect(answer.data).toEqual({ run: { id: RUN_ID, messages: null } });
    expect(answer.errors).toMatchObject([{ path: ['run', 'messages'], extensions: { code, argument } }]);
  });
});

describe('The messages of a step', () => {
  it('are those of its run, from one request for whatever asks for messages', async () => {
    await fc.assert(
      fc.asyncProperty(storedMessages({ maxLength: 30 }), async (stored) => {
        served.serve(
          stored,
          ['step-1', 'step-2', 'step-9'].map((id) => ({ id, run_id: RUN_ID })),
        );
        served.requests.length = 0;
        const answer = await execute<
          { run: { steps: { nodes: { id: string; messages: unknown }[] } } },
          object
        >(
          served.gateway,
          `{ run(id: "${RUN_ID}") {
            steps { nodes { id messages { id } } }
            messages(first: 1) { nodes { id } }
            some: messages(types: [USER_MESSAGE]) { pageInfo { hasNextPage } }
            usage { totalTokens }
          } }`,
        );
        const all = shownMessages(stored);
        expect(answer.errors).toBeUndefined();
        expect(answer.data?.run.steps.nodes).toEqual(
          ['step-1', 'step-2', 'step-9'].map((id) => ({
            id,
            messages: all.filter(({ stepId }) => stepId === id).map((message) => ({ id: message.id })),
          })),
        );
        expect(served.requests.map((path) => path.replace(RUN_ID, 'X')).toSorted()).toEqual([
          '/v1/runs/X',
          '/v1/runs/X/messages?order=asc&limit=200',
          '/v1/runs/X/steps?order=asc&limit=200',
        ]);
      }),
      { numRuns: propertyRuns(20) },
    );
  });

  it('are null for a step of no run', async () => {
    await using other = await serveMessages();
    other.serve([], [{ id: 'step-1', run_id: null }]);
    const answer = await execute(
      other.gateway,
      `{ run(id: "${RUN_ID}") { steps { nodes { messages { id } } } } }`,
    );
    expect(answer).toEqual({ data: { run: { steps: { nodes: [{ messages: null }] } } } });
  });
});
