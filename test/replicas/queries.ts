import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type KnownRuns, STILL_AGENT } from './runs.ts';

/** What became of queries. */
export interface QueryTally {
  asked: number;
  /** Those that were not answered, or with errors; and those whose answer is not the known one. */
  readonly failed: string[];
  readonly wrong: string[];
}

const MAX_FIRST = 40;
const PAUSE_MS = 25;
const QUERY = `query ($agent: ID!, $first: Int!, $after: String) {
  runs(agentId: $agent, first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

/** Walks the known list from page to page, again and again, until a signal aborts. */
export async function walk(
  url: string,
  { still }: KnownRuns,
  caller: string,
  tally: QueryTally,
  signal: AbortSignal,
): Promise<void> {
  let position = 0;
  let after: string | null = null;
  while (!signal.aborted) {
    const first = 1 + Math.floor(Math.random() * MAX_FIRST);
    const nodes = still.slice(position, position + first).map((id) => ({ id }));
    const hasNextPage = position + first < still.length;
    tally.asked += 1;
    try {
      const { runs } = await ask(url, caller, { agent: STILL_AGENT, first, after });
      const { endCursor, ...pageInfo } = runs.pageInfo;
      if (!isDeepStrictEqual([runs.nodes, pageInfo], [nodes, { hasNextPage }])) {
        tally.wrong.push(`${first} runs behind ${position}: ${JSON.stringify(runs).slice(0, 300)}`);
      }
      position = hasNextPage ? position + first : 0;
      after = hasNextPage ? endCursor : null;
    } catch (error) {
      tally.failed.push(String(error));
    }
    await sleep(PAUSE_MS);
  }
}

interface Page {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

async function ask(url: string, caller: string, variables: object): Promise<Page> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${caller}` },
    body: JSON.stringify({ query: QUERY, variables }),
  });
  const text = await response.text();
  if (response.status !== 200 || text.includes('"errors"')) {
    throw new Error(`${response.status} ${text.slice(0, 300)}`);
  }
  return JSON.parse(text).data;
}

/** Milliseconds of small queries one after the other, for some time. */
export async function latencies(url: string, caller: string, forMs: number): Promise<readonly number[]> {
  const took: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const start = performance.now();
    await ask(url, caller, { agent: STILL_AGENT, first: 10, after: null });
    took.push(performance.now() - start);
    await sleep(PAUSE_MS);
  }
  return took.toSorted((one, other) => one - other);
}
