import { describe, expect, it } from 'vitest';
import { PROJECTS } from '../embedded-api/profile/front.ts';
import { type RunsApiOptions, startRunsApi } from '../embedded-api/server.ts';
import { openStore } from '../embedded-api/store/store.ts';
import type { Config } from '../src/config/config.ts';
import { createGateway, type Gateway } from '../src/gateway.ts';
import { execute } from './support/execute.ts';
import { randomRuns } from './support/random-runs.ts';
import { sortRuns } from './support/run-list.ts';
import { CLOUD, keyFor } from './support/upstream-variants.ts';

const RUNS = sortRuns(randomRuns(300, 5), 'desc');
const IDS = RUNS.map(({ id }) => id);
const [FIRST, SECOND] = [PROJECTS[0]!, PROJECTS[1]!];
/** Of the second project. */
const OTHER_RUNS = sortRuns(randomRuns(40, 6), 'desc').map((run) => ({
  ...run,
  organization_id: SECOND.user.organizationId,
}));
const OTHER_IDS = OTHER_RUNS.map(({ id }) => id);

async function startOverCloud(options: Partial<RunsApiOptions>, config: Partial<Config> = {}) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert([...RUNS, ...OTHER_RUNS]);
  const upstream = { ...CLOUD[0], ...options };
  const api = starting.use(await startRunsApi({ store, ...upstream }));
  const gateway = starting.use(
    await createGateway({ upstreamUrl: api.baseUrl, ...keyFor(upstream), ...config }),
  );
  const parts = starting.move();
  return { gateway, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

interface Page {
  readonly runs: {
    readonly nodes: readonly {
      readonly id: string;
      readonly usage?: { readonly stepCount: number } | null;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

const PAGE = `query ($first: Int, $after: String) {
  runs(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

async function walk(gateway: Gateway, first: number): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const { data, errors }: { data?: Page; errors?: unknown } = await execute(gateway, PAGE, {
      first,
      after,
    });
    expect(errors).toBeUndefined();
    ids.push(...(data?.runs?.nodes ?? []).map(({ id }) => id));
    if (data?.runs?.pageInfo.hasNextPage !== true) return ids;
    after = data.runs.pageInfo.endCursor;
  }
}

describe('Over a Cloud that is far away and answers 429', () => {
  it.each(['seconds', 'date'] as const)(
    'a walk meets every run once, and waits as Retry-After says (%s)',
    async (retryAfter) => {
      await using test = await startOverCloud({ latencyMs: 20, rateLimit: '20%', retryAfter });
      expect(await walk(test.gateway, 40)).toEqual(IDS);
    },
  );

  it('pages that are asked for at once are right, or RATE_LIMITED where no time is named', async () => {
    await using test = await startOverCloud({ latencyMs: 20, rateLimit: '20%', retryAfter: 'none' });
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, first) => ({
        first,
        answer: await execute<Page, object>(test.gateway, PAGE, { first }),
      })),
    );
    const limited = answers.filter(({ answer }) => answer.errors !== undefined);
    for (const { first, answer } of answers) {
      if (answer.errors === undefined) {
        expect(answer.data?.runs?.nodes.map(({ id }) => id)).toEqual(IDS.slice(0, first));
        expect(answer.data?.runs?.pageInfo.hasNextPage).toBe(true);
      } else {
        expect(answer).toMatchObject({
          data: { runs: null },
          errors: [{ path: ['runs'], extensions: { code: 'RATE_LIMITED', retryable: true } }],
        });
      }
    }
    expect(limited.length).toBeGreaterThan(0);
    expect(limited.length).toBeLessThan(30);
  });

  it('a run whose steps were refused is there without its usage', async () => {
    await using test = await startOverCloud({ rateLimit: '20%', retryAfter: 'none' });
    await walk(test.gateway, 300);
    const { data, errors = [] } = await execute<Page, object>(
      test.gateway,
      '{ runs(first: 30) { nodes { id usage { stepCount } } } }',
    );
    const nodes = data?.runs?.nodes ?? [];
    expect(nodes.map(({ id }) => id)).toEqual(IDS.slice(0, 30));
    const failed = nodes.flatMap(({ usage }, index) => (usage === null ? [index] : []));
    expect(failed.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ path }) => path?.join('.')))).toEqual(
      new Set(failed.map((index) => `runs.nodes.${index}.usage`)),
    );
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['RATE_LIMITED']));
  });
});

describe('Over a Cloud with projects', () => {
  it('callers who differ in a header alone have runs of their own, and an unknown project is refused', async () => {
    await using test = await startOverCloud({});
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const answer = await execute<Page, object>(test.gateway, PAGE, { first: 1000 }, headers);
      return answer.data?.runs?.nodes.map(({ id }) => id) ?? answer.errors?.[0]?.extensions?.['code'];
    };
    const expected: readonly (readonly [headers: Readonly<Record<string, string>>, answer: unknown])[] = [
      [{}, IDS],
      [{ 'x-project': FIRST.name }, IDS],
      [{ 'x-project': SECOND.name }, OTHER_IDS],
      [{ 'x-project-id': SECOND.id }, OTHER_IDS],
      [{ 'x-project-id': SECOND.id, 'x-project': SECOND.name }, OTHER_IDS],
      [{ 'x-project': 'unknown' }, 'UPSTREAM_REJECTED'],
      [{ 'x-project-id': FIRST.id, 'x-project': SECOND.name }, 'UPSTREAM_REJECTED'],
    ];
    // All at once, again and again, so that requests that were shared would show.
    const asked = Array.from({ length: 10 }, () => expected).flat();
    expect(await Promise.all(asked.map(async ([headers]) => ask(headers)))).toEqual(
      asked.map(([, answer]) => answer),
    );
  });

  it('an unknown project is named as what may be the reason, where one was sent', async () => {
    await using test = await startOverCloud({}, { apiKey: undefined });
    const messageFor = async (headers: Readonly<Record<string, string>>) =>
      (await execute(test.gateway, PAGE, { first: 1 }, headers)).errors?.[0]?.message;
    const why = 'It was sent with a project (X-Project or X-Project-Id), which may be the reason.';
    expect(await messageFor({ authorization: 'Bearer key', 'x-project': 'unknown' })).toBe(
      `The runs API rejected the request. ${why}`,
    );
    expect(await messageFor({ 'x-project-id': 'unknown' })).toContain(why);
    expect(await messageFor({})).not.toContain('project');
  });

  it('LETTA_PROJECT is the project of callers who name none', async () => {
    await using test = await startOverCloud({}, { project: SECOND.name });
    expect(await walk(test.gateway, 1000)).toEqual(OTHER_IDS);
    const { data } = await execute<Page, object>(
      test.gateway,
      PAGE,
      { first: 1000 },
      { 'x-project': FIRST.name },
    );
    expect(data?.runs?.nodes.map(({ id }) => id)).toEqual(IDS);
  });
});
