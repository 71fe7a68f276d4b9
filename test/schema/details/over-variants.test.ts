import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunsApi } from '../../../embedded-api/server.ts';
import type { RunStore } from '../../../embedded-api/store/store.ts';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import { type Answer, execute } from '../../support/execute.ts';
import { LONG_RUN, openLongRuns, type WholeLists, wholeListsOf } from '../../support/long-runs.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { relayPage } from '../../support/relay-algorithm.ts';
import type { WireItem } from '../../support/run-details.ts';
import { CLOUD, keyFor, SELF_HOSTED } from '../../support/upstream-variants.ts';

let store: RunStore;
let wholes: readonly WholeLists[];
beforeAll(async () => {
  store = openLongRuns();
  wholes = await wholeListsOf(store);
});
afterAll(() => store[Symbol.dispose]());

interface Node {
  readonly id: string;
}

interface Listed {
  readonly run: { readonly list: { readonly nodes: readonly Node[] } | null } | null;
}

/** The lists of a run as the gateway should show them. */
const LISTS = {
  steps: {
    fields: 'id index',
    nodesOf: ({ steps }: WholeLists): readonly Node[] => steps.map(({ id }, index) => ({ id, index })),
  },
  messages: {
    fields: 'id messageId messageType',
    nodesOf: ({ items }: WholeLists): readonly Node[] => items.map(shownMessage),
  },
};

function shownMessage({ id, message_type }: WireItem, index: number, items: readonly WireItem[]): Node {
  const part = index - items.findIndex((item) => item.id === id);
  return { id: `${id}:${part}`, messageId: id, messageType: message_type.toUpperCase() } as Node;
}

async function askList(
  gateway: Gateway,
  id: string,
  list: keyof typeof LISTS,
  args: object,
): Promise<Answer<Listed>> {
  const query = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) {
    run(id: $id) {
      list: ${list}(first: $first, last: $last, after: $after, before: $before) {
        nodes { ${LISTS[list].fields} }
        pageInfo { hasNextPage hasPreviousPage }
      }
    }
  }`;
  return execute(gateway, query, { id, ...args });
}

/** Lists that every upstream tells, the longest first. */
const told = (): readonly WholeLists[] => wholes.filter(({ isFiltered }) => !isFiltered);

/** A place in a list as a fraction of its length. */
const place = fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined });
const pageCase = fc.record({
  run: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(6) }),
  way: fc.constantFrom('first', 'last'),
  size: fc.oneof(fc.nat(30), fc.nat(1000), fc.constantFrom(199, 200, 201, 1000)),
  after: place,
  before: place,
});

describe.each([SELF_HOSTED[0], ...CLOUD])('Over $variant', (upstream) => {
  let gateway: Gateway;
  beforeAll(async () => {
    const parts = new AsyncDisposableStack();
    const api = parts.use(await startRunsApi({ store, ...upstream }));
    gateway = parts.use(await createGateway({ upstreamUrl: api.baseUrl, ...keyFor(upstream) }));
    return () => parts.disposeAsync();
  });

  it.each(['steps', 'messages'] as const)(
    'random pages of the %s of long runs are what the Relay specification makes of the whole list',
    async (list) => {
      await fc.assert(
        fc.asyncProperty(pageCase, async ({ run, way, size, ...places }) => {
          const whole = told()[run];
          if (whole === undefined) throw new Error('expected more long runs');
          const all = LISTS[list].nodesOf(whole);
          const [after, before] = [places.after, places.before].map((at) =>
            at === undefined ? undefined : all[Math.floor(at * all.length)],
          );
          const args = { [way]: size, after: after?.id, before: before?.id };
          const { rows, ...pageInfo } = relayPage(all, () => true, { [way]: size, after, before });
          expect(await askList(gateway, whole.id, list, args)).toEqual({
            data: { run: { list: { nodes: rows, pageInfo } } },
          });
        }),
        { numRuns: propertyRuns(10) },
      );
    },
  );

  it('messages of which a run asked for some types are the whole list, or an error where no page can tell', async () => {
    let errors = 0;
    for (const whole of wholes.filter(({ isFiltered }) => isFiltered)) {
      const answer = await askList(gateway, whole.id, 'messages', { first: 1000 });
      errors += answer.errors?.length ?? 0;
      if (answer.errors === undefined)
        expect(answer.data?.run?.list?.nodes).toEqual(LISTS.messages.nodesOf(whole));
      else expect(answer.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNSUPPORTED' } }]);
    }
    expect(errors).toBeLessThan(upstream.profile === 'cloud' ? 10 : 1);
  });

  it('the usage of long runs is the sum of all steps', async () => {
    const query = 'query ($id: ID!) { run(id: $id) { usage { totalTokens stepCount } } }';
    for (const { id, steps } of told()) {
      const totalTokens = steps.reduce((sum, step) => sum + step.total_tokens, 0);
      expect(await execute(gateway, query, { id })).toEqual({
        data: { run: { usage: { totalTokens, stepCount: steps.length } } },
      });
    }
  });
});

it('The runs are long enough to need pages', () => {
  const [long, ...samples] = told();
  const stored = new Set(long?.items.map(({ id }) => id)).size;
  expect(long?.steps).toHaveLength(LONG_RUN.steps);
  expect(stored).toBeGreaterThan(1000);
  expect(stored).toBeLessThan(LONG_RUN.stored);
  expect(samples.filter(({ items }) => items.length > 200).length).toBeGreaterThan(2);
});
