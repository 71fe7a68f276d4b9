import { expect } from 'vitest';
import { agentId, runId } from './ids.ts';
import { openListening } from './open-listening.ts';

export const LIVE_AGENT = agentId(1);
export const liveRunId = runId;

/** A run that is running, the later the higher its number, up to 59. */
export function liveRun(number: number, fields = {}) {
  return {
    id: liveRunId(number),
    agent_id: LIVE_AGENT,
    status: 'running' as const,
    created_at: `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`,
    ...fields,
  };
}

/** A gateway on a port of loopback, over one run unless others are given, which tests change in its store. */
export async function startLiveServer(...[options, listening]: Parameters<typeof openListening>) {
  const test = await openListening({ runs: [liveRun(1)], ...options }, { drainTimeoutMs: 500, ...listening });
  const polls = (): number => test.upstream.urls.filter((url) => url.includes('active=true')).length;
  return {
    ...test,
    /** Of GraphQL. */
    url: `${test.url}/graphql`,
    metrics: () => test.gateway.metrics.registry.metrics(),
    /** Waits until those who watch a list know what is there: until its second poll since this one has begun. */
    async polled(since = polls()): Promise<void> {
      await expect.poll(polls).toBeGreaterThanOrEqual(since + 2);
    },
  };
}
