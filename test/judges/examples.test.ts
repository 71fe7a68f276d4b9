import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as apollo from '../../examples/apollo/main.ts';
import type { RunStatus } from '../../examples/node/__generated__/graphql.ts';
import { type AllRunsOptions, allRuns } from '../../examples/node/all-runs.ts';
import * as relay from '../../examples/relay/main.ts';
import { forAll } from '../support/for-all.ts';
import { AGENT_IDS } from '../support/run-fields.ts';
import type { WireFilters } from '../support/run-list.ts';
import { idsInRest, serveRuns } from './example-runs.ts';

const served = await forAll(serveRuns());

interface Filters {
  readonly statuses?: readonly RunStatus[];
  readonly agentId?: string;
}

const [, AGENT = ''] = AGENT_IDS;
/** Lists of more than two pages of 50, as an example filters them and as REST does. */
const LISTS: readonly (readonly [filters: Filters, rest: WireFilters])[] = [
  [{}, {}],
  [{ statuses: ['FAILED', 'COMPLETED', 'RUNNING'] }, { statuses: ['failed', 'completed', 'running'] }],
  [{ agentId: AGENT }, { agent_id: AGENT }],
];

const idsOf = (options: AllRunsOptions) => Array.fromAsync(allRuns(options), ({ id }) => id);

/** Each returns ids in the order of the list, but for an iterator that begins at the end. */
const WALKS: readonly (readonly [
  name: string,
  walk: (url: string, filters: Filters) => Promise<string[]>,
])[] = [
  ['relay-runtime, forward', relay.walkForward],
  ['Apollo Client, forward', apollo.walkForward],
  ['the iterator, forward', (url, filters) => idsOf({ url, ...filters })],
  [
    'the iterator, backward',
    async (url, filters) => (await idsOf({ url, ...filters, backward: true })).toReversed(),
  ],
];

describe.each(WALKS)('%s', (_name, walk) => {
  it.each(LISTS)('finds the runs with %j, each once and in the order of REST', async (filters, rest) => {
    const ids = idsInRest(rest);
    expect(ids.length).toBeGreaterThan(100);
    expect(await walk(served.graphql, filters)).toEqual(ids);
  });
});

describe('The examples as programs', () => {
  /** What an example prints when it is started as its README says. */
  const output = (example: string, args: readonly string[]) =>
    promisify(execFile)(process.execPath, [`examples/${example}/main.ts`, ...args], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env['PATH'] },
    });
  const failed = idsInRest({ statuses: ['failed'] });

  it.each(['relay', 'apollo', 'node'])('%s prints the failed runs at an address', async (example) => {
    const { stdout, stderr } = await output(example, [served.graphql]);
    expect(stdout).toContain(failed[0]);
    if (example === 'node') expect(stdout.trim().split('\n')).toHaveLength(failed.length);
    else expect(stdout).toContain(`${failed.length} failed runs`);
    expect(stderr).toBe('');
  });

  it('node starts again from the newest run when its cursor leads nowhere', async () => {
    const { stdout, stderr } = await output('node', [served.graphql, 'run-of-yesterday']);
    expect(stdout.trim().split('\n')).toHaveLength(failed.length);
    expect(stderr).toContain('Starting again');
  });
});

describe('The iterator', () => {
  const ids = idsInRest();

  it('goes on where an earlier one has stopped, in both directions', async () => {
    const url = served.graphql;
    const seen: string[] = [];
    let from = '';
    for await (const { id, cursor } of allRuns({ url })) {
      from = cursor;
      if (seen.push(id) === 70) break;
    }
    expect([...seen, ...(await idsOf({ url, from }))]).toEqual(ids);
    expect(await idsOf({ url, from, backward: true })).toEqual(ids.slice(0, 69).toReversed());
  });

  it('ends with INVALID_CURSOR where there is nothing to go on from', async () => {
    await using own = await serveRuns();
    own.store.delete(ids[10] ?? '');
    const walk = idsOf({ url: own.graphql, from: ids[10] ?? '' });
    await expect(walk).rejects.toMatchObject({ name: 'GatewayError', code: 'INVALID_CURSOR' });
  });

  it('waits as long as a RATE_LIMITED upstream asks for, and gives up on one that goes on refusing', async () => {
    await using once = await serveRuns({}, 1);
    expect(await idsOf({ url: once.graphql })).toEqual(ids);
    await using ever = await serveRuns({}, Infinity);
    const walk = idsOf({ url: ever.graphql, retries: 1 });
    await expect(walk).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(ever.upstream.requests).toHaveLength(2);
  });
});
