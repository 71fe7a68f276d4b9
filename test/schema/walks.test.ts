import { describe, expect, it } from 'vitest';
import { graphql } from '../gql/gql.ts';
import type { WalkPageQueryVariables } from '../gql/graphql.ts';
import { execute } from '../support/execute.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

const WalkPage = graphql(`
  query WalkPage($first: Int, $after: String, $last: Int, $before: String, $order: SortOrder) {
    runs(first: $first, after: $after, last: $last, before: $before, order: $order) {
      edges {
        cursor
        node {
          id
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
      }
    }
  }
`);

interface Walk {
  readonly direction: 'forward' | 'backward';
  readonly order: 'ASC' | 'DESC';
  readonly size: number;
}

/**
 * Walks a whole list as a client would, one page after the other, and does something between pages.
 * Where the run of a cursor is gone, it goes on from the last place that still stands.
 */
async function walk(
  test: TestGateway,
  { direction, order, size }: Walk,
  between: () => void,
): Promise<string[]> {
  const seen: { id: string; cursor: string }[] = [];
  const places: string[] = [];
  for (let pages = 0; pages < 500; pages++) {
    const place = places.at(-1);
    const variables: WalkPageQueryVariables =
      direction === 'forward' ? { first: size, after: place, order } : { last: size, before: place, order };
    const { data, errors } = await execute(test.gateway, WalkPage, variables);
    if (errors !== undefined) {
      expect(errors[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
      places.pop();
      continue;
    }
    const { edges, pageInfo } = data?.runs ?? { edges: [], pageInfo: undefined };
    const page = edges.map(({ cursor, node }) => ({ cursor, id: node.id }));
    const inWalkingOrder = direction === 'forward' ? page : page.toReversed();
    // After a step back the page begins with rows already seen.
    const known = new Set(seen.map(({ id }) => id));
    for (const item of inWalkingOrder) {
      if (!known.has(item.id)) seen.push(item);
      places.push(item.cursor);
    }
    if (!(direction === 'forward' ? pageInfo?.hasNextPage : pageInfo?.hasPreviousPage)) {
      return seen.map(({ id }) => id);
    }
    between();
  }
  throw new Error('The walk never ends');
}

/** A writer that creates, deletes and changes runs, at both ends of the list and in between. */
function createWriter(test: TestGateway, runs: readonly RandomRun[], extra: readonly RandomRun[]) {
  const deleted = new Set<string>();
  let turn = 0;
  return {
    deleted,
    write(): void {
      turn++;
      for (const run of extra.slice((turn - 1) * 3, turn * 3)) test.store.insert([run]);
      for (let i = 0; i < 2; i++) {
        const victim = runs[(turn * 37 + i * 101) % runs.length];
        if (victim === undefined || deleted.has(victim.id)) continue;
        test.store.delete(victim.id);
        deleted.add(victim.id);
      }
      const changed = runs[(turn * 53) % runs.length];
      if (changed !== undefined && !deleted.has(changed.id)) {
        test.store.update(changed.id, { status: 'completed', completed_at: '2025-03-30T01:00:00' });
      }
    },
  };
}

const WALKS: Walk[] = (['forward', 'backward'] as const).flatMap((direction) =>
  (['ASC', 'DESC'] as const).flatMap((order) => [7, 50].map((size) => ({ direction, order, size }))),
);

describe.each([...SELF_HOSTED, ...CLOUD])('Over $variant', (upstream) => {
  it.each(WALKS)(
    'a walk $direction in $order order by $size meets every run once, while others write',
    async (steps) => {
      const all = randomRuns(500, 21);
      const runs = all.filter((_run, index) => index % 5 !== 0);
      const extra = all.filter((_run, index) => index % 5 === 0);
      await using test = await startTestGateway({ runs, ...upstream });
      const writer = createWriter(test, runs, extra);
      const seen = await walk(test, steps, () => writer.write());
      expect(new Set(seen).size).toBe(seen.length);
      const throughout = runs.filter(({ id }) => !writer.deleted.has(id)).map(({ id }) => id);
      expect(throughout.filter((id) => !seen.includes(id))).toEqual([]);
      expect(writer.deleted.size).toBeGreaterThan(5);
    },
  );

  it('a cursor whose run is gone gives the page that follows or INVALID_CURSOR, never page one', async () => {
    const runs = randomRuns(40, 5);
    for (let gone = 0; gone < runs.length; gone += 3) {
      await using test = await startTestGateway({ runs, ...upstream });
      const { data } = await execute(test.gateway, WalkPage, { first: 1000 });
      const edges = data?.runs?.edges ?? [];
      const edge = edges[gone];
      test.store.delete(edge?.node.id ?? '');
      for (const variables of [
        { first: 5, after: edge?.cursor },
        { last: 5, before: edge?.cursor },
      ]) {
        const answer = await execute(test.gateway, WalkPage, variables);
        if (answer.errors !== undefined) {
          expect(answer.errors[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
          expect(answer.errors[0]?.message).toMatch(
            /is no longer valid: its run is gone; start again without it$/,
          );
          continue;
        }
        const right =
          'first' in variables ? edges.slice(gone + 1, gone + 6) : edges.slice(Math.max(0, gone - 5), gone);
        expect(answer.data?.runs?.edges).toEqual(right);
      }
    }
  });
});

it('an upstream that ignores cursors gives the right page or INVALID_CURSOR', async () => {
  await using test = await startTestGateway({
    runs: randomRuns(30, 8),
    rewrite: (url) => {
      url.searchParams.delete('before');
      url.searchParams.delete('after');
      return url;
    },
  });
  const { data } = await execute(test.gateway, WalkPage, { first: 1000 });
  for (const edge of data?.runs?.edges ?? []) {
    for (const variables of [
      { first: 5, after: edge.cursor },
      { last: 5, before: edge.cursor },
    ]) {
      const { errors } = await execute(test.gateway, WalkPage, variables);
      expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_CURSOR');
    }
  }
});
