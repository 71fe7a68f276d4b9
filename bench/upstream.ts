import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleRuns } from '../src/local/sample-runs.ts';
import { openStore } from '../src/local/store.ts';
import { listedRun } from '../src/local/wire-run.ts';
import { serve } from './harness/serve.ts';

/**
 * The runs API that all contenders ask: the wire format of the list, with `limit` (1 to 1000, as in
 * Letta), `order` and `before` (the rows that follow). It makes the bytes of each page once, so that
 * it is never what a measurement waits for. `GET /asked` tells how many lists were asked for.
 *
 * Environment: ROWS, how many runs there are; DELAY_MS, how long a list takes.
 */
const rows = Number(process.env['ROWS'] ?? '3000');
const delayMs = Number(process.env['DELAY_MS'] ?? '0');
const newestFirst = wireRows(rows);
const oldestFirst = newestFirst.toReversed();
const pages = new Map<string, Buffer>();
let asked = 0;

serve(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://upstream');
  switch (url.pathname) {
    case '/v1/runs/': {
      asked += 1;
      if (delayMs > 0) await sleep(delayMs);
      const page = pageOf(url);
      return answer(page === null ? 422 : 200, page ?? Buffer.from('{"detail":"limit"}'));
    }
    case '/v1/health/':
      return answer(200, Buffer.from('{"version":"0.16.7","status":"ok"}'));
    case '/asked':
      return answer(200, Buffer.from(JSON.stringify({ asked })));
    default:
      return answer(404, Buffer.from('{"detail":"Not Found"}'));
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
  const list = searchParams.get('order') === 'asc' ? oldestFirst : newestFirst;
  const before = searchParams.get('before');
  // A cursor that is not known is ignored, as in Letta.
  const start = before === null ? 0 : list.findIndex(({ id }) => id === before) + 1;
  const texts = list.slice(start, start + limit).map(({ json }) => json);
  const page = Buffer.from(`[${texts.join(',')}]`);
  pages.set(search, page);
  return page;
}

/** Newest first. */
function wireRows(count: number): { id: string; json: string }[] {
  using store = openStore();
  const runs = [...sampleRuns({ count, seed: 1 })];
  store.insert(runs);
  const organizationId = runs[0]?.organization_id;
  return runs
    .filter((run) => run.organization_id === organizationId)
    .flatMap((run) => store.retrieve(run.id, run.organization_id) ?? [])
    .map((row) => ({ id: row.id, createdAt: row.created_at, json: listedRun(row) }))
    .toSorted((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1));
}
