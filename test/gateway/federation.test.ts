import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentId, askEntities, evenRuns, runNamed } from '../support/agent-runs.ts';
import { stopClock } from '../support/clock.ts';
import { execute } from '../support/execute.ts';
import { openGateway, openGatewayOver, type OpenGateway } from '../support/open-gateway.ts';

/** What is said of the durations of a run: those that it has, and the one that it shows. */
const DURATIONS: readonly (readonly [string, number | null, number | null, number | null])[] = [
  ['both durations', 5_000, 7_000, 7_000],
  ['its own duration only', 5_000, null, 5_000],
  ['a measured duration only', null, 7_000, 7_000],
  ['none', null, null, null],
  ['one that is zero', 5_000, 0, 0],
  ['as long a one as is exact', 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
];

describe('The duration of a run', () => {
  const runs = evenRuns(DURATIONS.length, 1).map((run, place) => {
    const [, total_duration_ns = null, run_ns = null] = DURATIONS[place] ?? [];
    return { ...run, total_duration_ns, run_ns };
  });
  const idOf = (place: number) => runs[place]?.id ?? '';
  let test: OpenGateway;
  beforeAll(async () => {
    test = await openGateway({ runs });
    return () => test[Symbol.asyncDispose]();
  });
  beforeEach(() => void (test.upstream.requests.length = 0));
  const metricsAsked = () =>
    test.upstream.requests.map(({ path }) => path).filter((path) => path.endsWith('/metrics'));

  /** The run of an id by every way there is, each in an operation of its own. */
  async function reach(id: string, fields: string): Promise<readonly unknown[]> {
    const page = `runs { nodes { ${fields} } }`;
    const found = [];
    for (const operation of [
      `{ ${page} }`,
      `{ node(id: "${agentId(0)}") { ... on Agent { ${page} } } }`,
      `{ run(id: "${id}") { ${fields} } }`,
      `{ node(id: "${id}") { ... on Run { ${fields} } } }`,
      `{ nodes(ids: ["${id}"]) { ... on Run { ${fields} } } }`,
      `{ _entities(representations: [{ __typename: "Run", id: "${id}" }]) { ... on Run { ${fields} } } }`,
    ]) {
      const { data, errors } = await execute<Record<string, never>, never>(test.gateway, operation);
      expect(errors).toBeUndefined();
      const [field] = Object.values<unknown>(data ?? {});
      const { runs: below = field } = Object(field);
      const rows: unknown = Object(below).nodes ?? below;
      found.push([rows].flat().find((run) => Object(run).id === id));
    }
    return found;
  }

  it.each(DURATIONS.map(([name, , , expected], place) => [name, place, expected] as const))(
    'that has %s is one, however it is reached',
    async (_name, place, expected) => {
      const run = { id: idOf(place), totalDurationNs: expected };
      expect(await reach(run.id, 'id totalDurationNs')).toEqual(Array.from({ length: 6 }, () => run));
      // Lists show it; the four look-ups have to ask.
      expect(metricsAsked()).toEqual(Array(4).fill(`/v1/runs/${run.id}/metrics`));
    },
  );
});

describe('Runs that were just listed', () => {
  const RUNS = evenRuns(150, 5);
  const FIELDS = 'id status totalDurationNs agentId';
  const list = async ({ gateway }: OpenGateway, headers = {}) => {
    const text = `{ runs(first: 150) { nodes { ${FIELDS} } } }`;
    type Data = { readonly runs: { readonly nodes: readonly { readonly id: string }[] } };
    const { data } = await execute<Data, never>(gateway, text, undefined, headers);
    return data?.runs.nodes ?? [];
  };
  const lookUp = (test: OpenGateway, rows: readonly { readonly id: string }[], headers = {}) =>
    askEntities(
      test,
      rows.map(({ id }) => runNamed(id)),
      `... on Run { ${FIELDS} }`,
      headers,
    );
  const open = (rowMemoryMs: number) => openGateway({ runs: RUNS, config: { rowMemoryMs } });

  it('are looked up without a request, and are as in the list', async () => {
    await using test = await open(60_000);
    const rows = await list(test);
    expect(rows).toHaveLength(150);
    const { entities, errors, requests } = await lookUp(test, rows);
    expect([entities, errors]).toEqual([rows, undefined]);
    // The version of the server, for those that have ended and have no duration.
    expect(requests).toBeLessThanOrEqual(1);
  });

  it('are looked up for another caller, and for another project', async () => {
    await using test = await open(60_000);
    const one = { authorization: 'Bearer one' };
    const rows = (await list(test, one)).slice(0, 5);
    for (const other of [{ authorization: 'Bearer two' }, { ...one, 'x-project': 'another' }])
      expect((await lookUp(test, rows, other)).requests).toBe(10);
    expect((await lookUp(test, rows, one)).requests).toBe(0);
  });

  it('are looked up again after a while', async () => {
    const clock = stopClock();
    await using test = await open(50_000);
    const rows = (await list(test)).slice(0, 2);
    await clock.pass(49_000);
    expect((await lookUp(test, rows)).requests).toBe(0);
    await clock.pass(2_000);
    expect((await lookUp(test, rows)).requests).toBe(4);
  });

  it('are looked up again once the caller has cancelled any, also those that are listed at that time', async () => {
    await using test = await open(60_000);
    const rows = (await list(test)).slice(0, 2);
    const cancel = 'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { failures { code } } }';
    await execute(test.gateway, cancel, { ids: rows.slice(0, 1).map(({ id }) => id) });
    expect((await lookUp(test, rows)).requests).toBe(4);
    await list(test);
    expect((await lookUp(test, rows)).requests).toBe(4);
  });

  it('count toward MEMORY_BUDGET, with no more than 8 MiB for a caller', async () => {
    await using test = await open(60_000);
    const held = async () => {
      const text = await test.gateway.metrics.registry.metrics();
      return Number(/held_bytes\{kind="operation"\} (\d+)/.exec(text)?.[1]);
    };
    expect(await held()).toBe(0);
    await list(test);
    expect(await held()).toBeGreaterThan(100_000);
    for (let count = 0; count < 100; count++) await list(test);
    expect(await held()).toBeLessThanOrEqual(8 * 1024 * 1024);
  });

  it('and have ended without a duration, as in lists of old servers, are looked up for it', async () => {
    const listed = { ...RUNS[0], status: 'completed', stop_reason: 'end_turn', total_duration_ns: null };
    const answers: Readonly<Record<string, unknown>> = {
      '/v1/health/': { version: '0.12.0', status: 'ok' },
      '/v1/runs/': [listed],
      [`/v1/runs/${listed.id}`]: { ...listed, total_duration_ns: 7 },
      [`/v1/runs/${listed.id}/metrics`]: { id: listed.id, run_ns: 5 },
    };
    await using test = await openGatewayOver(
      ({ path }) => ({ status: path in answers ? 200 : 404, body: answers[path] ?? {} }),
      { rowMemoryMs: 60_000 },
    );
    await execute(test.gateway, '{ runs { nodes { id } } }');
    const answer = await execute(test.gateway, `{ run(id: "${listed.id}") { totalDurationNs } }`);
    expect(answer).toEqual({ data: { run: { totalDurationNs: 5 } } });
  });
});
