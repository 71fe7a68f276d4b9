import { type IncomingMessage, type ServerResponse } from 'node:http';
import { serve } from './serve.ts';

/** A run of the fake server, with what decides whether it can be cancelled. */
export interface CancellableRun {
  readonly agentId: string;
  status: string;
  stopReason: string | null;
  /** @default true */
  readonly hasMetrics?: boolean;
  /** Whether it belongs to another organization. @default false */
  readonly isForeign?: boolean;
}

/** A request to cancel runs as it has been received. */
export interface CancelPost {
  readonly response: ServerResponse;
  readonly headers: IncomingMessage['headers'];
  /** Does what Letta does, and returns what it answers. */
  readonly cancel: () => Readonly<Record<string, string>>;
}

/** A server that knows runs by their ids and cancels them as Letta 0.16.7 does. */
export interface CancellingUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  readonly runs: Map<string, CancellableRun>;
  /** Method and path, and the body of a POST, in the order of arrival. */
  readonly requests: string[];
  /** How requests to cancel are answered from now on. */
  onCancel: (post: CancelPost) => void;
  /** Called before a run is sent; may send something else, or nothing, and return true. */
  onRead: (response: ServerResponse, id: string) => boolean;
  /** Stops accepting connections; those that are open stay. */
  refuseConnections(): void;
}

export function runId(number: number): string {
  return `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function agentId(number: number): string {
  return `agent-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const running = (agent = 1): CancellableRun => ({
  agentId: agentId(agent),
  status: 'running',
  stopReason: null,
});

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** @param runs by the numbers of their ids */
export async function startCancellingUpstream(
  runs: Readonly<Record<number, CancellableRun>> = {},
): Promise<CancellingUpstream> {
  const known = new Map(Object.entries(runs).map(([number, run]) => [runId(Number(number)), { ...run }]));
  const visible = (id: string) => {
    const run = known.get(id);
    return run?.isForeign === true ? undefined : run;
  };

  const cancelOne = (id: string): string => {
    const run = visible(id);
    if (run === undefined) return 'failed';
    // Its stop reason decides, not its status.
    if (run.stopReason !== null && run.stopReason !== 'requires_approval') return 'cancelled';
    Object.assign(run, { status: 'cancelled', stopReason: 'cancelled' });
    return run.hasMetrics === false ? 'failed' : 'cancelled';
  };

  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const { method, url = '', headers } = request;
    upstream.requests.push(body === '' ? `${method} ${url}` : `${method} ${url} ${body}`);
    const id = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*/, '');
    if (method === 'POST') {
      const { run_ids: ids }: { run_ids: readonly string[] } = JSON.parse(body);
      const cancel = () => Object.fromEntries(ids.map((each) => [each, cancelOne(each)]));
      upstream.onCancel({ response, headers, cancel });
    } else if (url.startsWith('/v1/agents/')) {
      const cancelled = [...known.values()].filter(({ status }) => status === 'cancelled').length;
      sendJson(response, { id, name: `${cancelled} cancelled` });
    } else if (!upstream.onRead(response, id)) {
      const run = visible(id);
      if (run === undefined) sendJson(response, { detail: 'Run not found' }, 404);
      else sendJson(response, wireRun(id, run));
    }
  };

  const served = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  const upstream: CancellingUpstream = {
    ...served,
    runs: known,
    requests: [],
    onCancel: ({ response, cancel }) => sendJson(response, cancel()),
    onRead: () => false,
    refuseConnections: () => void served.server.close(),
  };
  return upstream;
}

function wireRun(id: string, { agentId: agent, status, stopReason }: CancellableRun): object {
  const ended = status !== 'created' && status !== 'running';
  return {
    id,
    agent_id: agent,
    status,
    stop_reason: stopReason,
    created_at: '2026-01-01T00:00:00Z',
    completed_at: ended ? '2026-01-01T00:01:00Z' : null,
  };
}
