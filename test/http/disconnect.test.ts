import { describe, expect, it } from 'vitest';
import { startListening } from '../support/listening-gateway.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const QUERY = '{runs(first:3){nodes{id}}}';

/** By the two ways that a server has for its answers. */
const WAYS = {
  GET: (url: string, signal?: AbortSignal) =>
    fetch(`${url}/graphql?query=${QUERY}`, { signal: signal ?? null }),
  POST: (url: string, signal?: AbortSignal) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
      signal: signal ?? null,
    }),
};

describe.each(['GET', 'POST'] as const)('A client that disconnects (%s)', (way) => {
  const ask = WAYS[way];

  it('closes the upstream request that was made for it', async () => {
    await using upstream = await startRawUpstream(() => undefined);
    await using listening = await startListening({ upstreamUrl: upstream.baseUrl });
    const caller = new AbortController();
    const asked = ask(listening.url, caller.signal).catch(() => 'left');
    await expect.poll(() => upstream.heads.length).toBe(1);
    caller.abort();
    expect(await asked).toBe('left');
    await expect.poll(() => upstream.abandoned()).toBe(1);
    expect(upstream.heads).toHaveLength(1);
  });

  it('leaves the request to the clients that share it, and the last one closes it', async () => {
    await using upstream = await startRawUpstream(() => undefined);
    await using listening = await startListening({ upstreamUrl: upstream.baseUrl });
    const callers = [new AbortController(), new AbortController(), new AbortController()];
    const asked = callers.map(({ signal }) => ask(listening.url, signal).catch(() => 'left'));
    const joined = async (): Promise<string | undefined> =>
      /upstream_calls_total\{kind="joined"\} (\d+)/.exec(
        await listening.gateway.metrics.registry.metrics(),
      )?.[1];
    await expect.poll(joined).toBe('2');
    callers[0]?.abort();
    callers[1]?.abort();
    await Promise.all(asked.slice(0, 2));
    expect(upstream.abandoned()).toBe(0);
    callers[2]?.abort();
    await expect.poll(() => upstream.abandoned()).toBe(1);
    // The next one starts anew instead of joining what was broken off.
    upstream.answer = answerWith(200, '[]');
    expect(await (await ask(listening.url)).json()).toEqual({
      data: { runs: { nodes: [] } },
    });
  });
});
