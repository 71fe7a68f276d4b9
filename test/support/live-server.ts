import { listen } from '../../src/http/server/listen.ts';
import { openGateway, type OpenGatewayOptions } from './open-gateway.ts';
import type { Script } from './scripted-upstream.ts';

export const LIVE_AGENT = 'agent-00000000-0000-4000-8000-000000000001';

export function liveRunId(number: number): string {
  return `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

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
export async function startLiveServer({
  drainTimeoutMs = 500,
  script = (_request, next) => next(),
  ...options
}: OpenGatewayOptions & { readonly drainTimeoutMs?: number } = {}) {
  await using starting = new AsyncDisposableStack();
  const upstreamRequests: string[] = [];
  const recording: Script = (request, next) => {
    upstreamRequests.push(request.url);
    return script(request, next);
  };
  const test = starting.use(await openGateway({ runs: [liveRun(1)], script: recording, ...options }));
  const listener = starting.use(await listen(test.gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs }));
  const parts = starting.move();
  return {
    ...test,
    listener,
    /** Of GraphQL. */
    url: `${listener.url}/graphql`,
    metrics: () => test.gateway.metrics.registry.metrics(),
    /** What was asked upstream so far. */
    upstreamRequests,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
