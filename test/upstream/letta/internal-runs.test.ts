import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../../src/gateway.ts';
import {
  createInternalRunsMemory,
  type InternalRunsState,
} from '../../../src/upstream/letta/internal-runs.ts';
import { execute } from '../../support/execute.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { sortRuns } from '../../support/run-list.ts';
import { type InternalRoute, startWindowedUpstream } from '../../support/windowed-upstream.ts';

const RUNS = sortRuns(randomRuns(50, 5), 'asc');
const WINDOW = `{ runs(first: 3, createdBefore: "${RUNS[20]?.created_at}") { nodes { id } } }`;

async function ready(gateway: Gateway): Promise<unknown> {
  const response = await gateway.admin.fetch(new Request('http://gateway/ready'));
  const { upstream } = (await response.json()) as { upstream: { internalRuns?: string } };
  return upstream.internalRuns;
}

describe('What the internal list is', () => {
  it.each<[InternalRoute, InternalRunsState | undefined]>([
    ['honest', 'available'],
    ['missing', 'missing'],
    ['forbidden', 'missing'],
    ['failing', undefined],
    ['ignores dates', 'wrong'],
    ['answers with runs outside', 'wrong'],
    ['with other creation times', 'wrong'],
    ['always empty', undefined],
    ['with runs that nobody has', undefined],
  ])('of one that is %s is shown as %s, once it was needed', async (internal, state) => {
    await using upstream = await startWindowedUpstream(RUNS, { internal });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    expect(await ready(gateway)).toBeUndefined();
    await execute(gateway, WINDOW);
    expect(await ready(gateway)).toBe(state);
    const metrics = await (await gateway.fetch(new Request('http://gateway/metrics'))).text();
    for (const each of ['available', 'missing', 'wrong']) {
      const line = `\nruns_gateway_upstream_internal_runs{state="${each}"} ${each === state ? 1 : 0}\n`;
      expect(metrics.includes(line)).toBe(state !== undefined);
    }
  });

  it('is not asked again for a minute by a caller whom it did not serve, and by others it is', async () => {
    await using upstream = await startWindowedUpstream(RUNS, { internal: 'missing' });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const asked = (): number => upstream.requests.filter((path) => path.includes('_internal')).length;
    const as = (token: string) => execute(gateway, WINDOW, undefined, { authorization: `Bearer ${token}` });
    await as('one');
    await as('one');
    expect(asked()).toBe(1);
    await as('two');
    expect(asked()).toBe(2);
  });

  it('does not open the breaker of a caller, whom the list still serves', async () => {
    await using upstream = await startWindowedUpstream(RUNS, { internal: 'failing' });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    for (let request = 0; request < 20; request++) {
      const { errors } = await execute(gateway, WINDOW);
      expect(errors).toBeUndefined();
    }
  });
});

describe('The memory of the internal list', () => {
  it('forgets after a minute, and at once when the list answers', () => {
    let time = 0;
    const changes: InternalRunsState[] = [];
    const memory = createInternalRunsMemory({ now: () => time, onChange: (state) => changes.push(state) });
    expect([memory.known, memory.isUseless('one')]).toEqual([undefined, false]);
    memory.record('one', 'missing');
    expect([memory.known, memory.isUseless('one'), memory.isUseless('two')]).toEqual([
      'missing',
      true,
      false,
    ]);
    time = 59_999;
    expect(memory.isUseless('one')).toBe(true);
    time = 60_000;
    expect(memory.isUseless('one')).toBe(false);
    memory.record('one', 'wrong');
    memory.record('one', 'available');
    expect(memory.isUseless('one')).toBe(false);
    expect(changes).toEqual(['missing', 'wrong', 'available']);
  });

  it('keeps ten thousand callers, and forgets the oldest ones', () => {
    const memory = createInternalRunsMemory({ now: () => 0 });
    for (let caller = 0; caller < 10_001; caller++) memory.record(`caller ${caller}`, 'missing');
    expect([0, 1, 10_000].map((caller) => memory.isUseless(`caller ${caller}`))).toEqual([false, true, true]);
  });
});
