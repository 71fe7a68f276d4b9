import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import type { RandomRun } from '../support/random-runs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { agentId, evenRuns } from './agent-runs.ts';
import { askEntities, runNamed } from './entities.ts';

/** One run for each way in which the upstream's two durations can be there or not. */
const DURATIONS: readonly (readonly [string, number | null, number | null, number | null])[] = [
  ['of both durations', 5_000, 7_000, 7_000],
  ['of its own duration only', 5_000, null, 5_000],
  ['of a measured duration only', null, 7_000, 7_000],
  ['without any', null, null, null],
  ['that took no time', 5_000, 0, 0],
  ['as long as is exact', 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
];

const runs: RandomRun[] = evenRuns(DURATIONS.length, 1).map((run, place) => {
  const [, total_duration_ns = null, run_ns = null] = DURATIONS[place] ?? [];
  return { ...run, total_duration_ns, run_ns };
});

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({ runs });
  return () => test[Symbol.asyncDispose]();
});
beforeEach(() => {
  test.upstreamRequests.length = 0;
});

const metricsAsked = () => test.upstreamRequests.filter((path) => path.endsWith('/metrics'));
const idOf = (place: number) => runs[place]?.id ?? '';

/** The run of an id by every way there is, each in an operation of its own; null where it is not found. */
async function reach(id: string, fields: string): Promise<Record<string, object | null | undefined>> {
  const ask = async (operation: string, pick: (data: never) => object | null | undefined) => {
    const { data, errors } = await execute<never, never>(test.gateway, operation);
    expect(errors).toBeUndefined();
    return data === undefined ? null : pick(data);
  };
  type Listed = { readonly nodes: readonly { readonly id: string }[] };
  const among = ({ nodes }: Listed) => nodes.find((run) => run.id === id);
  return {
    runs: await ask(`{ runs { nodes { ${fields} } } }`, (data: { runs: Listed }) => among(data.runs)),
    'Agent.runs': await ask(
      `{ node(id: "${agentId(0)}") { ... on Agent { runs { nodes { ${fields} } } } } }`,
      (data: { node: { runs: Listed } }) => among(data.node.runs),
    ),
    run: await ask(`{ run(id: "${id}") { ${fields} } }`, (data: { run: object }) => data.run),
    node: await ask(
      `{ node(id: "${id}") { ... on Run { ${fields} } } }`,
      (data: { node: object }) => data.node,
    ),
    nodes: await ask(
      `{ nodes(ids: ["${id}"]) { ... on Run { ${fields} } } }`,
      (data: { nodes: readonly object[] }) => data.nodes[0],
    ),
    _entities: (await askEntities<object>(test, [runNamed(id)], `... on Run { ${fields} }`)).entities?.[0],
  };
}

describe('A run has one duration, however it is reached', () => {
  it.each(DURATIONS.map(([name, , , expected], place) => [name, place, expected] as const))(
    'for a run %s',
    async (_name, place, expected) => {
      const run = { id: idOf(place), totalDurationNs: expected };
      expect(await reach(run.id, 'id totalDurationNs')).toEqual({
        runs: run,
        'Agent.runs': run,
        run,
        node: run,
        nodes: run,
        _entities: run,
      });
      // Lists show it; the four look-ups have to ask.
      expect(metricsAsked()).toEqual(Array.from({ length: 4 }, () => `/v1/runs/${run.id}/metrics`));
    },
  );
});

describe('Metrics', () => {
  it('are not asked for where no duration is selected', async () => {
    await reach(idOf(0), 'id status ttftNs completedAt');
    // One for each way, and one to look the agent up.
    expect(test.upstreamRequests).toHaveLength(7);
    expect(metricsAsked()).toEqual([]);
  });

  it('are not asked for where the duration is skipped', async () => {
    await reach(idOf(0), 'id totalDurationNs @skip(if: true)');
    await reach(idOf(0), 'id ... @include(if: false) { totalDurationNs }');
    expect(metricsAsked()).toEqual([]);
  });

  it('are asked for once where one run is reached in many ways', async () => {
    const id = idOf(0);
    const duration = '{ totalDurationNs }';
    const { data } = await execute(
      test.gateway,
      `{ a: run(id: "${id}") ${duration} b: run(id: "${id}") ${duration}
         node(id: "${id}") { ... on Run ${duration} } nodes(ids: ["${id}", "${id}"]) { ... on Run ${duration} } }`,
    );
    const run = { totalDurationNs: 7_000 };
    expect(data).toEqual({ a: run, b: run, node: run, nodes: [run, run] });
    expect(metricsAsked()).toHaveLength(1);
  });

  it('are not asked for where the run has come from a list in the same operation', async () => {
    const { data } = await execute<{ runs: { nodes: readonly object[] } }, never>(
      test.gateway,
      '{ runs(first: 1) { nodes { id totalDurationNs agent { runs(first: 1) { nodes { totalDurationNs } } } } } }',
    );
    expect(data?.runs.nodes).toMatchObject([{ totalDurationNs: Number.MAX_SAFE_INTEGER }]);
    expect(metricsAsked()).toEqual([]);
  });
});
