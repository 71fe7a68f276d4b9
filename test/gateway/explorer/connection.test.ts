import { beforeAll, expect, it, vi } from 'vitest';
import { settle, stopClock, stopJitter } from '../../support/clock.ts';

/** Modules of the page, by the little that they need of a browser. Their types are those of another project. */
interface Modules {
  followShown(shown: object, signal: AbortSignal): AsyncGenerator;
  readonly connectionState: { get(): { readonly nextTryAt: number; readonly lostAt: number } };
  readonly ApiError: new (error: { readonly message: string; readonly extensions: object }) => Error;
  watchRuns(filters: object): void;
  readonly runList: { get(): { readonly rows: readonly { readonly id: string }[] } };
  retryNow(): void;
  query(document: { readonly text: string }, variables: object): Promise<unknown>;
  requestName(agentId: string): void;
  readonly place: { get(): { readonly path: string; readonly search: string } };
}
const PAGE = '../../../src/explorer/browser';
let page: Modules;

const field = { value: '', textContent: '', focus: () => undefined, select: () => undefined };
const form = Object.assign(new EventTarget(), { hidden: true, querySelector: () => field });
const element = { content: '{}', textContent: '{}', dataset: {}, getAttribute: () => '{}' };
const tab = {
  isHidden: false,
  looks: 0,
  get hidden() {
    if (++this.looks > 1000) throw new Error('It looks without end whether it is hidden');
    return this.isHidden;
  },
  addEventListener: () => undefined,
  querySelector: (selector: string) => (selector === 'form#token' ? form : element),
  documentElement: element,
};

const row = (id: string) => ({
  id,
  agentId: 'agent-1',
  agent: null,
  createdAt: '2026-01-01T00:00:00Z',
  status: 'RUNNING',
  outcome: 'COMPLETED',
  stopReason: null,
  failure: null,
});
/** A list of one run, unless others are given. */
const listAfter = (eventsCursor: string, nodes = [row('run-1')]) => {
  const pageInfo = { endCursor: 'e', hasNextPage: false };
  return { mayWrite: false, runs: { nodes, pageInfo, eventsCursor }, pendingApprovals: null };
};
const eventOf = (result: object) => Buffer.from(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
const streamed = (source: UnderlyingDefaultSource) =>
  new Response(new ReadableStream(source), { headers: { 'content-type': 'text/event-stream' } });
/** Ends the streams of a list. */
const leaveList = () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  page.watchRuns({});
};

/** A list whose changes come from `work`, which ends at once. */
const listOf = (work: () => Promise<void>) => ({
  begin: async () => null,
  // oxlint-disable-next-line require-yield -- It has no changes.
  async *subscribe() {
    await work();
  },
});

beforeAll(async () => {
  vi.stubGlobal('addEventListener', () => undefined);
  // The clock of the page would go on after these tests.
  vi.stubGlobal('setInterval', () => undefined);
  // The files of the page lie two folders below its root, which is not the root of their host.
  const href = new URL('../../../src/runs/run%2D1?status=FAILED', import.meta.url).href;
  vi.stubGlobal('location', { href });
  vi.stubGlobal('document', tab);
  const ofGateway = ['connection', 'query'].map((name) => `gateway/${name}.ts`);
  const files = [
    '../../client/api-error.ts',
    ...ofGateway,
    'runs/run-list.ts',
    'runs/agent-names.ts',
    'router.ts',
  ];
  const modules: unknown[] = await Promise.all(files.map((file) => import(`${PAGE}/${file}`)));
  page = Object.assign({}, ...modules) as Modules;
  return () => void vi.unstubAllGlobals();
});

it('The page comes back no earlier than the gateway says', async () => {
  const leaving = new AbortController();
  const refused = new page.ApiError({ message: '', extensions: { retryable: true, retryAfterSeconds: 7 } });
  void page
    .followShown(
      listOf(() => Promise.reject(refused)),
      leaving.signal,
    )
    .next();
  await expect.poll(() => page.connectionState.get().nextTryAt).toBeGreaterThan(0);
  const { nextTryAt, lostAt } = page.connectionState.get();
  leaving.abort();
  expect(nextTryAt - lostAt).toBe(7000);
});

it.each([[[row('run-1')]], [[]]])('A list is followed after the cursor of its page: %j', async (nodes) => {
  const followed = Promise.withResolvers<unknown>();
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    if (!body.includes('subscription')) return Response.json({ data: listAfter('s', nodes) });
    followed.resolve(JSON.parse(body).variables.after);
    return new Promise(() => undefined);
  });
  page.watchRuns({});
  expect(await followed.promise).toBe('s');
  leaveList();
});

it('A list shows no change of the list before it, also one that came at the last moment', async () => {
  const runEvents = { kind: 'ADDED', runId: 'run-2', run: row('run-2'), cursor: 'c' };
  const clock = stopClock();
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    if (!body.includes('subscription')) return Response.json({ data: listAfter('s') });
    const isOther = body.includes('FAILED');
    return streamed({
      start: (stream) => (isOther ? undefined : stream.enqueue(eventOf({ data: { runEvents } }))),
    });
  });
  page.watchRuns({});
  // The event has come, and waits to be shown with others.
  await settle();
  page.watchRuns({ status: ['FAILED'] });
  await clock.pass(200);
  expect(page.runList.get().rows.map(({ id }) => id)).toEqual(['run-1']);
  leaveList();
});

const ended = (code: string) => ({ errors: [{ message: '', extensions: { code, retryable: true } }] });
const event = { data: { runEvents: { kind: 'ADDED', runId: 'run-2', run: row('run-2'), cursor: 'c' } } };

it.each<[string, object, readonly object[], string]>([
  ['A list whose cursor is too old', {}, [ended('CURSOR_TOO_OLD')], 's2'],
  ['A list whose cursor is of no run', {}, [ended('INVALID_CURSOR')], 's2'],
  ['A list that was ended', {}, [ended('SUBSCRIPTION_DRAINED')], 's1'],
  ['A list by status without an event', { status: ['FAILED'] }, [ended('SUBSCRIPTION_DRAINED')], 's1'],
  ['A list by status with an event', { status: ['FAILED'] }, [event, ended('SUBSCRIPTION_DRAINED')], 'c'],
])('%s is followed after the right cursor', async (_name, filters, results, expected) => {
  // Browsers also take fractions of milliseconds.
  stopJitter();
  const followed: string[] = [];
  let reads = 0;
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    if (!body.includes('subscription')) return Response.json({ data: listAfter(`s${++reads}`) });
    const isFirst = followed.push(JSON.parse(body).variables.after) === 1;
    return streamed({
      start(controller) {
        for (const result of isFirst ? results : []) controller.enqueue(eventOf(result));
      },
    });
  });
  page.watchRuns(filters);
  await expect.poll(() => followed.length).toBe(2);
  expect(followed).toEqual(['s1', expected]);
  leaveList();
});

it('A hidden page connects again when it is seen, and not at all once it is left', async () => {
  stopJitter();
  const [leaving, left] = [new AbortController(), new AbortController()];
  const work = vi.fn(async () => undefined);
  const calls: number[] = [];
  void page.followShown(listOf(work), leaving.signal).next();
  for (const isHidden of [true, true, false]) {
    tab.isHidden = isHidden;
    page.retryNow();
    await settle();
    calls.push(work.mock.calls.length);
  }
  expect(calls).toEqual([1, 1, 2]);
  leaving.abort();
  tab.isHidden = true;
  await page
    .followShown(
      listOf(async () => left.abort()),
      left.signal,
    )
    .next();
  tab.isHidden = false;
});

it('Whole numbers keep their digits, but durations, which are reckoned with', async () => {
  const text = '{"data":{"metadata":{"id":1234567890123456789,"n":1.5e20},"durationNs":9007199254740993}}';
  vi.stubGlobal('fetch', async () => new Response(text));
  const { data } = (await page.query({ text: '' }, {})) as { data: { durationNs: unknown } };
  expect(JSON.stringify(data)).toBe(
    '{"metadata":{"id":1234567890123456789,"n":1.5e20},"durationNs":9007199254740992}',
  );
});

it('An answer that is cut off may be asked for again', async () => {
  const cut = () =>
    new Response(new ReadableStream({ start: (controller) => controller.error(new Error('cut')) }));
  vi.stubGlobal('fetch', async () => cut());
  const extensions = { code: 'PROXY_ERROR', retryable: true };
  await expect(page.query({ text: '' }, {})).rejects.toMatchObject({ extensions });
});

it('Names of agents are asked for once, fifty at a time', async () => {
  const asked: string[][] = [];
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    const { ids }: { ids: string[] } = JSON.parse(body).variables;
    asked.push(ids);
    return Response.json({ data: { nodes: ids.map((id) => ({ id, name: id })) } });
  });
  for (let number = 0; number < 240; number++) page.requestName(`agent-${number % 120}`);
  await expect.poll(() => asked.map(({ length }) => length)).toEqual([50, 50, 20]);
});

it('The address of a page is that below its root, wherever a proxy has put it', () => {
  expect(page.place.get()).toEqual({ path: 'runs/run%2D1', search: '?status=FAILED' });
});
