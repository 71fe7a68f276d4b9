import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as apollo from '../../examples/apollo/main.ts';
import { type AllRunsOptions, allRuns } from '../../examples/node/all-runs.ts';
import * as relay from '../../examples/relay/main.ts';
import * as urql from '../../examples/urql/main.ts';
import { type Filters, LISTS, type ServedRuns, serveRuns } from './served-runs.ts';

async function idsOf(options: AllRunsOptions): Promise<string[]> {
  return Array.fromAsync(allRuns(options), ({ id }) => id);
}

/** Each returns ids in the order of the list, but for an iterator that begins at the end. */
const WALKS: {
  name: string;
  walk: (url: string, filters: Filters) => Promise<string[]>;
  oldestFirst?: boolean;
}[] = [
  { name: 'relay-runtime, forward', walk: relay.walkForward },
  { name: 'Apollo Client, forward', walk: apollo.walkForward },
  { name: 'Apollo Client, backward', walk: apollo.walkBackward },
  { name: 'urql, forward', walk: urql.walkForward },
  { name: 'urql, backward', walk: urql.walkBackward },
  { name: 'the iterator, forward', walk: (url, filters) => idsOf({ url, ...filters }) },
  {
    name: 'the iterator, backward',
    walk: (url, filters) => idsOf({ url, ...filters, backward: true }),
    oldestFirst: true,
  },
];

let served: ServedRuns;
beforeAll(async () => {
  served = await serveRuns();
});
afterAll(() => served[Symbol.asyncDispose]());

describe.each(WALKS)('$name', ({ walk, oldestFirst = false }) => {
  it.each(LISTS)('finds $name, each once and in the order of REST', async ({ filters, query }) => {
    const ids = await served.restIds(query);
    expect(ids.length).toBeGreaterThan(100);
    expect(await walk(served.url, filters)).toEqual(oldestFirst ? ids.toReversed() : ids);
  });
});
