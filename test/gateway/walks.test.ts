import { describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { randomRuns } from '../support/random-runs.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

interface Page {
  readonly runs: {
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
  } | null;
}

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
  runs(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage }
  }
}`;

const ask = ({ gateway }: Pick<OpenGateway, 'gateway'>, variables: object) =>
  execute<Page, object>(gateway, PAGE, variables);

/** Walks as a client would, and changes the list between pages; goes back one row where that of a cursor is gone. */
async function walk(
  open: OpenGateway,
  way: 'first' | 'last',
  between: () => void,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  const positions: string[] = [];
  for (let requests = 0; requests < 500; requests++) {
    const cursor = { [way === 'first' ? 'after' : 'before']: positions.at(-1) };
    // oxlint-disable-next-line no-await-in-loop -- Each page begins where the one before it ended.
    const { data, errors } = await ask(open, { [way]: 17, ...cursor });
    if (data?.runs == null) {
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
      positions.pop();
      continue;
    }
    const { edges, pageInfo } = data.runs;
    for (const edge of way === 'first' ? edges : edges.toReversed()) {
      positions.push(edge.cursor);
      seen.add(edge.node.id);
    }
    if (!pageInfo[way === 'first' ? 'hasNextPage' : 'hasPreviousPage']) return [...seen];
    between();
  }
  throw new Error('The walk never ends');
}

describe.each([...SELF_HOSTED, CLOUD[2]])('Over $variant', (upstream) => {
  it.each(['first', 'last'] as const)(
    'a walk by %s meets every run once, while others write',
    async (way) => {
      const all = randomRuns(200, 21);
      const later = all.filter((_run, index) => index % 5 === 0);
      const runs = all.filter((_run, index) => index % 5 !== 0);
      await using open = await openGateway({ runs, ...upstream });
      const deleted = new Set<string>();
      let turn = 0;
      const seen = await walk(open, way, () => {
        turn++;
        open.store.insert(later.slice((turn - 1) * 3, turn * 3));
        for (const at of [turn * 37, turn * 37 + 101]) {
          const { id = '' } = runs[at % runs.length] ?? {};
          open.store.delete(id);
          deleted.add(id);
        }
      });
      const throughout = runs.filter(({ id }) => !deleted.has(id)).map(({ id }) => id);
      expect(throughout.filter((id) => !seen.includes(id))).toEqual([]);
      expect(deleted.size).toBeGreaterThan(5);
    },
  );

  it('a cursor whose run is gone gives the page that follows or INVALID_CURSOR, never page one', async () => {
    const runs = randomRuns(40, 5);
    for (const gone of [0, 1, 13, 38, 39]) {
      // oxlint-disable-next-line no-await-in-loop -- One list at a time.
      await using open = await openGateway({ runs, ...upstream });
      // oxlint-disable-next-line no-await-in-loop -- See above.
      const { data } = await ask(open, { first: 1000 });
      const { edges } = data?.runs ?? { edges: [] };
      open.store.delete(edges[gone]?.node.id ?? '');
      const cursor = edges[gone]?.cursor;
      const pages = [
        [{ first: 5, after: cursor }, edges.slice(gone + 1, gone + 6)],
        [{ last: 5, before: cursor }, edges.slice(Math.max(0, gone - 5), gone)],
      ] as const;
      for (const [variables, page] of pages) {
        // oxlint-disable-next-line no-await-in-loop -- See above.
        const answer = await ask(open, variables);
        if (answer.errors === undefined) expect(answer.data?.runs?.edges).toEqual(page);
        else
          expect(answer.errors).toMatchObject([
            {
              message: expect.stringMatching(/ is no longer valid: its run is gone; start again without it$/),
              extensions: { code: 'INVALID_CURSOR' },
            },
          ]);
      }
    }
  });
});

it('Over an upstream that ignores cursors, a page behind one is INVALID_CURSOR, never page one', async () => {
  await using open = await openGateway({
    runs: randomRuns(30, 8),
    script: (request, next) => {
      const query = new URLSearchParams(request.query);
      for (const name of ['before', 'after']) query.delete(name);
      return next({ query });
    },
  });
  const { data } = await ask(open, { first: 1000 });
  const pages = data?.runs?.edges.flatMap(({ cursor }) => [
    { first: 5, after: cursor },
    { last: 5, before: cursor },
  ]);
  for (const variables of pages ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- One after the other, as a client would.
    const { errors } = await ask(open, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
  }
});

it.each([true, false])(
  'What is asked of a list in a fragment is not taken for what is asked of it elsewhere (rows copied: %s)',
  async (rowCopying) => {
    await using open = await openGateway({ runs: randomRuns(3, 1), config: { rowCopying } });
    const part = 'fragment Part on Query { runs(first: 1) { nodes { id } } }';
    const more = 'fragment More on Query { runs(first: 1) { pageInfo { hasNextPage } } }';
    const nodes = [{ id: expect.any(String) }];
    for (let round = 0; round < 2; round++) {
      // oxlint-disable-next-line no-await-in-loop -- The second round is answered from what was prepared.
      const alone = await execute(open.gateway, `{ other: __typename ...Part } ${part}`);
      expect(alone.data).toEqual({ other: 'Query', runs: { nodes } });
      // oxlint-disable-next-line no-await-in-loop -- See above.
      const both = await execute(open.gateway, `{ other: __typename ...Part ...More } ${part} ${more}`);
      expect(both.data).toEqual({ other: 'Query', runs: { nodes, pageInfo: { hasNextPage: true } } });
    }
  },
);
