import { describe, expect, it } from 'vitest';
import { type AllRunsOptions, allRuns } from '../../examples/node/all-runs.ts';
import { serveRuns } from './served-runs.ts';

async function idsOf(options: AllRunsOptions): Promise<string[]> {
  return Array.fromAsync(allRuns(options), ({ id }) => id);
}

describe('The iterator', () => {
  it('goes on where an earlier one has stopped, in both directions', async () => {
    await using served = await serveRuns();
    const ids = await served.restIds('');
    const seen: string[] = [];
    let place = '';
    for await (const { id, cursor } of allRuns({ url: served.url })) {
      seen.push(id);
      place = cursor;
      if (seen.length === 70) break;
    }
    const rest = await idsOf({ url: served.url, from: place });
    expect([...seen, ...rest]).toEqual(ids);
    const newer = await idsOf({ url: served.url, from: place, backward: true });
    expect(newer).toEqual(ids.slice(0, 69).toReversed());
  });

  it('costs the upstream one request for each page, and none before a page is needed', async () => {
    await using served = await serveRuns();
    const page: string[] = [];
    for await (const { id } of allRuns({ url: served.url })) if (page.push(id) === 50) break;
    expect(served.upstreamTimes).toHaveLength(1);
    await idsOf({ url: served.url });
    expect(served.upstreamTimes).toHaveLength(1 + Math.ceil(330 / 50));
  });

  it('ends with INVALID_CURSOR where there is nothing to go on from', async () => {
    await using served = await serveRuns();
    const gone = (await served.restIds('')).at(10) ?? '';
    served.store.delete(gone);
    const walk = idsOf({ url: served.url, from: gone });
    await expect(walk).rejects.toMatchObject({ name: 'GatewayError', code: 'INVALID_CURSOR' });
  });

  it.each([false, true])(
    'loses no place when runs are deleted on the way, backward: %s',
    async (backward) => {
      await using served = await serveRuns();
      const all = await served.restIds('');
      const ids = backward ? all.toReversed() : all;
      const seen: string[] = [];
      for await (const { id } of allRuns({ url: served.url, backward })) {
        // Of the first page the last three, and the first one of the second.
        if (seen.push(id) === 50) for (const gone of ids.slice(47, 51)) served.store.delete(gone);
      }
      expect(seen).toEqual(ids.toSpliced(50, 1));
    },
  );

  it('waits as long as a RATE_LIMITED upstream asks for', async () => {
    await using served = await serveRuns({ refusals: 1 });
    expect(await idsOf({ url: served.url })).toEqual(await served.restIds(''));
    const [refused = 0, answered = 0] = served.upstreamTimes;
    expect(answered - refused).toBeGreaterThanOrEqual(990);
  });

  it('gives up on an upstream that goes on refusing', async () => {
    await using served = await serveRuns({ refusals: Number.POSITIVE_INFINITY });
    const walk = idsOf({ url: served.url, retries: 1 });
    await expect(walk).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(served.upstreamTimes).toHaveLength(2);
  });
});
