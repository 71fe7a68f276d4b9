import { describe, expect, test } from 'vitest';
import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { PROJECTS } from '../../embedded-api/profile/front.ts';
import { sampleDetails } from '../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../embedded-api/samples/sample-runs.ts';
import { type RunsApiOptions, startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';

type Options = Omit<RunsApiOptions, 'store'>;

const SAMPLES = { count: 320, seed: 7, now: new Date('2026-11-20T17:00:00Z') };

/** The embedded API over 320 sample runs; requests have a token. */
async function startSamples(options: Options) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore({ makeDetails: sampleDetails }));
  insertSamples(store, SAMPLES);
  const { baseUrl } = starting.use(await startRunsApi({ store, ...options }));
  const parts = starting.move();
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(baseUrl + path, { redirect: 'manual', headers: { authorization: 'Bearer any', ...headers } });
  return {
    get,
    async list(path: string, headers = {}): Promise<{ readonly id: string }[]> {
      const response = await get(path, headers);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Paths of lists with `RUN` for an id, and their largest limits on the Cloud. */
const LISTS = [
  ['/v1/runs/', 1000],
  ['/v1/runs/RUN/steps', 200],
  ['/v1/runs/RUN/messages', 200],
  ['/v1/agents/', 200],
] as const;

/** A run with dozens of messages. */
function busyRun() {
  using store = openStore({ makeDetails: sampleDetails });
  insertSamples(store, SAMPLES);
  const { organizationId } = DEFAULT_ACTOR;
  const runs = store.list({ organizationId, ascending: false, limit: SAMPLES.count });
  const busy = runs
    .map((run) => ({ run, ...sampleDetails(run) }))
    .find(({ messages }) => messages.length > 20 && messages.length < 50);
  return busy?.run.id ?? '';
}

const RUN = busyRun();
const pathOf = (list: string): string => list.replace('RUN', RUN);

const overLimit = (limit: number, max: number) => ({
  detail: [
    {
      type: 'less_than_equal',
      loc: ['query', 'limit'],
      msg: `Input should be less than or equal to ${max}`,
      input: String(limit),
      ctx: { le: max },
    },
  ],
});

describe.each(LISTS)('The list %s', (list, cloudMax) => {
  test.each([
    [{ profile: 'cloud' }, cloudMax],
    [{ profile: 'cloud', maxLimit: 50 }, 50],
    [{ profile: 'self-hosted', maxLimit: 3 }, 3],
  ] as const satisfies readonly (readonly [Options, number])[])(
    'with %j takes no limit above %i',
    async (options, max) => {
      await using api = await startSamples(options);
      const path = pathOf(list);
      const refused = await api.get(`${path}?limit=${max + 1}`);
      expect(refused.status).toBe(422);
      expect(await refused.json()).toEqual(overLimit(max + 1, max));
      const whole = await api.get(`${path}?limit=${max}`);
      expect(whole.status).toBe(200);
      if (max < 50) expect(await (await api.get(path)).json()).toEqual(await whole.json());
    },
  );

  test.each(['reversed', 'documented'] as const)(
    'has %s cursors on the Cloud, in both orders',
    async (dialect) => {
      await using api = await startSamples({ profile: 'cloud', dialect });
      const path = pathOf(list);
      const [following, preceding] =
        dialect === 'reversed' ? (['before', 'after'] as const) : (['after', 'before'] as const);
      for (const order of ['asc', 'desc']) {
        const rows = await api.list(`${path}?order=${order}&limit=${cloudMax}`);
        const ids = [...new Set(rows.map(({ id }) => id))];
        expect(ids.length).toBeGreaterThan(1);
        const asked = async (name: string, id = '') =>
          new Set(
            (await api.list(`${path}?order=${order}&limit=${cloudMax}&${name}=${id}`)).map((row) => row.id),
          );
        expect(await asked(following, ids[0])).toEqual(new Set(ids.slice(1)));
        expect(await asked(preceding, ids[0])).toEqual(new Set());
        expect(await asked(following, ids.at(-1))).toEqual(new Set());
        expect(await asked(preceding, ids.at(-1))).toEqual(new Set(ids.slice(0, -1)));
      }
    },
  );
});

test('The details of one run can have a dialect of their own', async () => {
  await using api = await startSamples({ dialect: 'documented', detailsDialect: 'reversed' });
  const path = pathOf('/v1/runs/RUN/steps');
  const [first, second] = await api.list(`${path}?order=asc`);
  expect((await api.list(`${path}?order=asc&limit=1&before=${first?.id}`))[0]).toEqual(second);
  const [newest, next] = await api.list('/v1/runs/?limit=2');
  expect((await api.list(`/v1/runs/?limit=1&after=${newest?.id}`))[0]).toEqual(next);
});

test.each([
  ['/v1/runs/', { authorization: '' }, 401],
  ['/v1/runs/', { authorization: 'Basic abc' }, 401],
  ['/v1/health/', { authorization: '' }, 200],
  ['/v1/health/', { 'x-project': 'unknown' }, 200],
  ['/v1/_internal_runs/', {}, 404],
  ['/v1/runs/', { 'x-project': 'unknown' }, 404],
  ['/v1/runs/', { 'x-project-id': '' }, 404],
  ['/v1/runs/', { 'x-project': PROJECTS[0]!.name, 'x-project-id': PROJECTS[1]!.id }, 404],
] as const)('On the Cloud, %s with %j is %i', async (list, headers, status) => {
  await using api = await startSamples({ profile: 'cloud' });
  const path = pathOf(list);
  expect((await api.get(path, headers)).status).toBe(status);
});

test('On the Cloud, a password is the only key', async () => {
  await using api = await startSamples({ profile: 'cloud', password: 'sesame' });
  expect((await api.get('/v1/runs/')).status).toBe(401);
  expect((await api.get('/v1/runs/', { authorization: 'Bearer sesame' })).status).toBe(200);
});

test('On the Cloud, a project has its own runs and agents, and user_id means nothing', async () => {
  await using api = await startSamples({ profile: 'cloud' });
  const [first, second] = PROJECTS;
  const listed = async (headers = {}) =>
    (await api.list('/v1/runs/?limit=1000', headers)).map(({ id }) => id);
  const own = await listed();
  const other = await listed({ 'x-project': second!.name });
  expect(own).toHaveLength(320);
  expect(other).toHaveLength(5);
  expect(new Set(own).isDisjointFrom(new Set(other))).toBe(true);
  expect(await listed({ 'x-project-id': second!.id, 'x-project': second!.name })).toEqual(other);
  expect(await listed({ 'x-project': first!.name, user_id: second!.user.id })).toEqual(own);
  const path = `/v1/runs/${other[0]}`;
  expect((await api.get(path)).status).toBe(404);
  expect((await api.get(path, { 'x-project-id': second!.id })).status).toBe(200);
  const agents = await api.list('/v1/agents/');
  const others = await api.list('/v1/agents/', { 'x-project': second!.name });
  expect(new Set(agents.map(({ id }) => id)).isDisjointFrom(new Set(others.map(({ id }) => id)))).toBe(true);
});

describe('A rate limit', () => {
  const ask = async (options: Options, count: number) => {
    await using api = await startSamples(options);
    const answers: Response[] = [];
    for (let asked = 0; asked < count; asked++) answers.push(await api.get('/v1/health/'));
    return answers;
  };

  test('refuses a share of requests, evenly', async () => {
    const answers = await ask({ rateLimit: '40%' }, 10);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200, 429, 200, 200, 429, 200, 429]);
  });

  test('refuses requests beyond so many a second, until the next one', async () => {
    const start = 1_800_000_000_000;
    let ms = 0;
    await using api = await startSamples({ rateLimit: '2', now: () => new Date(start + ms) });
    const asked: [ms: number, status: number][] = [];
    for (ms of [0, 1, 2, 999, 1000, 1001, 1002, 5999])
      asked.push([ms, (await api.get('/v1/health/')).status]);
    expect(asked).toEqual([
      [0, 200],
      [1, 200],
      [2, 429],
      [999, 429],
      [1000, 200],
      [1001, 200],
      [1002, 429],
      [5999, 200],
    ]);
  });

  test.each([
    ['seconds', '1'],
    ['date', 'Fri, 15 Jan 2027 08:00:02 GMT'],
    ['none', null],
  ] as const)('says when to come back by %s', async (retryAfter, header) => {
    const now = () => new Date(1_800_000_000_001);
    const answers = await ask({ rateLimit: '99%', retryAfter, now }, 2);
    expect(answers[1]?.headers.get('retry-after')).toBe(header);
  });
});

test('A latency delays every answer', async () => {
  await using api = await startSamples({ latencyMs: 60 });
  const start = performance.now();
  await api.get('/v1/health/');
  expect(performance.now() - start).toBeGreaterThan(55);
});
