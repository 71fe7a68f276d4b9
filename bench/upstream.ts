import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ACTOR } from '../embedded-api/model/actors.ts';
import { listedRun } from '../embedded-api/routes/runs.ts';
import { insertSamples } from '../embedded-api/samples/sample-runs.ts';
import { openStore } from '../embedded-api/store/store.ts';
import { serve } from './harness/serve.ts';
import { spell } from './harness/spellings.ts';

/**
 * The runs API that all contenders ask: the wire format of the list, with `limit` (1 to 1000, as in
 * Letta), `order`, `agent_id`, `agent_ids` and `before` (the rows that follow), and one run by its id. It makes the bytes of each page once, so that
 * it is never what a measurement waits for. `GET /asked` tells how many lists were asked for, `GET
 * /agents` whose runs there are.
 *
 * `PUT /spelling` changes how lists are spelled to the one that its body names.
 *
 * Environment: ROWS, how many runs there are; DELAY_MS, how long a list takes.
 */
const rows = Number(process.env['ROWS'] ?? '3000');
const delayMs = Number(process.env['DELAY_MS'] ?? '0');
const newestFirst = wireRows(rows);
const runs = new Map(newestFirst.map(({ id, single }) => [id, single]));
const oldestFirst = newestFirst.toReversed();
const pages = new Map<string, Buffer>();
let spelling: string | undefined;
let asked = 0;
/** Of every run. */
const STEPS = Buffer.from(JSON.stringify(Array.from({ length: 5 }, (_, number) => stepOf(number))));

serve(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://upstream');
  switch (url.pathname) {
    case '/v1/runs/': {
      asked += 1;
      if (delayMs > 0) await sleep(delayMs);
      const page = pageOf(url);
      return answer(page === null ? 422 : 200, page ?? Buffer.from('{"detail":"limit"}'));
    }
    case '/agents':
      return answer(200, Buffer.from(JSON.stringify([...new Set(newestFirst.map((row) => row.agentId))])));
    case '/spelling':
      spelling = await text(request);
      pages.clear();
      return answer(200, Buffer.from('{}'));
    case '/v1/health/':
      return answer(200, Buffer.from('{"version":"0.16.7","status":"ok"}'));
    case '/asked':
      return answer(200, Buffer.from(JSON.stringify({ asked })));
    default:
      return lookUp(url.pathname);
  }

  function lookUp(path: string): void {
    const [, id, part] = /^\/v1\/runs\/(run-[^/]+)(\/metrics|\/steps)?$/.exec(path) ?? [];
    if (part === '/steps') return answer(200, STEPS);
    const body = part === undefined ? runs.get(id ?? '') : undefined;
    answer(body === undefined ? 404 : 200, body ?? Buffer.from('{"detail":"Not Found"}'));
  }

  function answer(status: number, body: Buffer): void {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }
});

/** Null for a limit that Letta refuses. */
function pageOf({ search, searchParams }: URL): Buffer | null {
  const made = pages.get(search);
  if (made !== undefined) return made;
  const limit = Number(searchParams.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return null;
  const all = searchParams.get('order') === 'asc' ? oldestFirst : newestFirst;
  const agents = new Set([...searchParams.getAll('agent_id'), ...searchParams.getAll('agent_ids')]);
  const listed = agents.size === 0 ? all : all.filter(({ agentId }) => agents.has(agentId));
  const before = searchParams.get('before');
  // A cursor that is not known is ignored, as in Letta.
  const start = before === null ? 0 : listed.findIndex(({ id }) => id === before) + 1;
  const texts = listed.slice(start, start + limit).map(({ json }) => json);
  const list = `[${texts.join(',')}]`;
  const page = Buffer.from(spelling === undefined ? list : spell(spelling, JSON.parse(list)));
  pages.set(search, page);
  return page;
}

/** Newest first. */
interface Row {
  readonly id: string;
  readonly agentId: string;
  readonly json: string;
  /** As a look-up sends it. */
  readonly single: Buffer;
}

function wireRows(count: number): Row[] {
  using store = openStore();
  insertSamples(store, { count, seed: 1, now: new Date('2026-11-20T17:00:00Z') });
  const { organizationId } = DEFAULT_ACTOR;
  return store.list({ organizationId, ascending: false, limit: count }).map((row) => ({
    id: row.id,
    agentId: row.agent_id,
    json: listedRun(row),
    single: Buffer.from(row.json),
  }));
}

/** A step as Letta sends it. */
function stepOf(number: number): object {
  return {
    id: `step-00000000-0000-4000-8000-00000000000${number}`,
    origin: null,
    organization_id: 'org-00000000-0000-4000-8000-000000000000',
    provider_id: null,
    run_id: 'run-00000000-0000-4000-8000-000000000000',
    agent_id: 'agent-00000000-0000-4000-8000-000000000000',
    provider_name: 'openai',
    provider_category: 'base',
    model: 'gpt-4o-mini',
    model_handle: 'openai/gpt-4o-mini',
    model_endpoint: 'https://api.openai.com/v1',
    context_window_limit: 128_000,
    completion_tokens: 85,
    prompt_tokens: 693 + number,
    total_tokens: 778 + number,
    cached_input_tokens: null,
    cache_write_tokens: null,
    reasoning_tokens: null,
    completion_tokens_details: null,
    prompt_tokens_details: null,
    stop_reason: 'end_turn',
    tags: [],
    tid: null,
    trace_id: null,
    request_id: null,
    messages: [],
    feedback: null,
    project_id: null,
    error_type: null,
    error_data: null,
    status: 'success',
  };
}
