import type { Config } from '../../src/config/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { serve } from './serve.ts';

/** JSON text, or an answer with a status; undefined never answers. */
export type DetailsAnswer = string | { readonly status: number; readonly body: string } | undefined;

/** An answer, or how to work it out from the query. */
type Answering = DetailsAnswer | ((query: URLSearchParams) => DetailsAnswer);

/** A gateway over a server of a few runs, and of what belongs to them, which tests fill and change. */
export interface DetailsGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  /** By path without its query. Other paths are 404. */
  readonly answers: Map<string, Answering>;
  /** Paths with their queries, in the order of arrival. */
  readonly requests: string[];
}

export function detailRunId(number: number): string {
  return `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A run as the server sends it, with as few fields as there must be. */
function detailRun(number: number): Readonly<Record<string, unknown>> {
  return {
    id: detailRunId(number),
    agent_id: 'agent-1',
    status: 'completed',
    created_at: `2026-01-01T00:${String(59 - Math.floor(number / 60)).padStart(2, '0')}:${String(59 - (number % 60)).padStart(2, '0')}Z`,
  };
}

/** @param runs how many runs there are, newest first; at most 3600 */
export async function startDetailsGateway(runs = 1, config: Partial<Config> = {}): Promise<DetailsGateway> {
  await using starting = new AsyncDisposableStack();
  const list = Array.from({ length: runs }, (_, number) => detailRun(number));
  const answers = new Map<string, Answering>();
  for (const run of list) answers.set(`/v1/runs/${String(run['id'])}`, JSON.stringify(run));
  const requests: string[] = [];
  const { baseUrl } = starting.use(
    await serve((request, response) => {
      requests.push(request.url ?? '');
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      if (pathname === '/v1/runs/') {
        response.setHeader('content-type', 'application/json');
        return void response.end(JSON.stringify(list.slice(0, Number(searchParams.get('limit')))));
      }
      const absent = { status: 404, body: '{"detail":"secret words"}' };
      const answering = answers.has(pathname) ? answers.get(pathname) : absent;
      const answer = typeof answering === 'function' ? answering(searchParams) : answering;
      if (answer === undefined) return undefined;
      const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      return void response.end(body);
    }),
  );
  const gateway = starting.use(
    await createGateway({ upstreamUrl: baseUrl, upstreamMaxBytes: 1_000_000, ...config }),
  );
  const parts = starting.move();
  return { gateway, answers, requests, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
