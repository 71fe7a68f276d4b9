import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, vi } from 'vitest';

/** Modules of the page, by the little that they need of a browser. Their types are those of another project. */
interface Modules {
  stayConnected(work: () => Promise<void>, signal: AbortSignal): Promise<void>;
  readonly connectionState: { get(): { readonly nextTryAt: number; readonly lostAt: number } };
  readonly ApiError: new (error: { readonly message: string; readonly extensions: object }) => Error;
  watchRuns(filters: object): void;
  readonly runList: { get(): { readonly rows: readonly { readonly id: string }[] } };
}
const PAGE = '../../src/explorer/browser';
let page: Modules;

beforeAll(async () => {
  vi.stubGlobal('addEventListener', () => undefined);
  // The clock of the page would go on after these tests.
  vi.stubGlobal('setInterval', () => undefined);
  vi.stubGlobal('location', { href: 'http://localhost/' });
  const element = { content: '{}', textContent: '{}', dataset: {}, getAttribute: () => '{}' };
  vi.stubGlobal('document', {
    hidden: false,
    addEventListener: () => undefined,
    querySelector: () => element,
    documentElement: element,
  });
  const files = ['gateway/stay-connected.ts', 'gateway/api-error.ts', 'runs/run-list.ts'];
  const modules: unknown[] = await Promise.all(files.map((file) => import(`${PAGE}/${file}`)));
  page = Object.assign({}, ...modules) as Modules;
  return () => void vi.unstubAllGlobals();
});

it('The page comes back no earlier than the gateway says', async () => {
  const leaving = new AbortController();
  const refused = new page.ApiError({ message: '', extensions: { retryable: true, retryAfterSeconds: 7 } });
  void page.stayConnected(() => Promise.reject(refused), leaving.signal);
  await expect.poll(() => page.connectionState.get().nextTryAt).toBeGreaterThan(0);
  const { nextTryAt, lostAt } = page.connectionState.get();
  leaving.abort();
  expect(nextTryAt - lostAt).toBe(7000);
});

const row = (id: string, outcome = 'UNFINISHED') => ({
  id,
  agentId: 'agent-1',
  agent: null,
  createdAt: '2026-01-01T00:00:00Z',
  status: 'RUNNING',
  outcome,
  stopReason: null,
  failure: null,
});
const listOf = (...nodes: readonly object[]) => {
  const pageInfo = { startCursor: 's', endCursor: 'e', hasNextPage: false };
  return { mayWrite: false, runs: { nodes, pageInfo }, pendingApprovals: null };
};
/** Ends the streams of a list. */
const leave = () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  page.watchRuns({});
};

it.each([
  [['COMPLETED', 'FAILED'], 's'],
  [['UNFINISHED', 'COMPLETED', 'UNFINISHED', 'FAILED', 'FAILED'], 'run-3'],
  [['COMPLETED', 'UNFINISHED'], 'e'],
])(
  'A list of runs that are %j is followed behind those that may end meanwhile',
  async (outcomes, expected) => {
    const data = listOf(...outcomes.map((outcome, index) => row(`run-${index}`, outcome)));
    const followed = Promise.withResolvers<unknown>();
    vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
      if (!body.includes('subscription')) return Response.json({ data });
      followed.resolve(JSON.parse(body).variables.after);
      return new Promise(() => undefined);
    });
    page.watchRuns({});
    expect(await followed.promise).toBe(expected);
    leave();
  },
);

it('A list shows no change of the list before it, also one that came at the last moment', async () => {
  const data = listOf(row('run-1'));
  const runEvents = { kind: 'ADDED', runId: 'run-2', run: row('run-2'), cursor: 'c' };
  const told = Promise.withResolvers<void>();
  vi.stubGlobal('fetch', async (_url: string, { body, signal }: { body: string; signal: AbortSignal }) => {
    if (!body.includes('subscription')) return Response.json({ data });
    const stream = new ReadableStream({
      start(controller) {
        if (body.includes('FAILED')) return;
        controller.enqueue(Buffer.from(`event: next\ndata: ${JSON.stringify({ data: { runEvents } })}\n\n`));
        setTimeout(told.resolve, 10);
      },
    });
    signal.addEventListener('abort', () => told.resolve());
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  });
  page.watchRuns({});
  await told.promise;
  page.watchRuns({ status: ['FAILED'] });
  await sleep(200);
  expect(page.runList.get().rows.map(({ id }) => id)).toEqual(['run-1']);
  leave();
});
