import { beforeEach, describe, expect, it } from 'vitest';
import { evenRuns } from '../../support/agent-runs.ts';
import { forAll } from '../../support/for-all.ts';
import { agentId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';

/** What is said of the durations of a run: those that it has, and the one that it shows. */
const DURATIONS: readonly (readonly [string, number | null, number | null, number | null])[] = [
  ['both durations', 5_000, 7_000, 7_000],
  ['its own duration only', 5_000, null, 5_000],
  ['a measured duration only', null, 7_000, 7_000],
  ['none', null, null, null],
  ['one that is zero', 5_000, 0, 0],
  ['as long a one as is exact', 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
];

const runs = evenRuns(DURATIONS.length, 1).map((run, place) => {
  const [, total_duration_ns = null, run_ns = null] = DURATIONS[place] ?? [];
  return { ...run, total_duration_ns, run_ns };
});
const test = await forAll(openGateway({ runs }));

describe('Run.totalDurationNs', () => {
  const idOf = (place: number) => runs[place]?.id ?? '';
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
      const data = await test.dataOf<Record<string, never>>(operation);
      const [field] = Object.values<unknown>(data);
      const { runs: below = field } = Object(field);
      const rows: unknown = Object(below).nodes ?? below;
      found.push([rows].flat().find((run) => Object(run).id === id));
    }
    return found;
  }

  it.each(DURATIONS.map(([name, , , expected], place) => [name, place, expected] as const))(
    'is the same by every way to a run that has %s',
    async (_name, place, expected) => {
      const run = { id: idOf(place), totalDurationNs: expected };
      expect(await reach(run.id, 'id totalDurationNs')).toEqual(Array.from({ length: 6 }, () => run));
      // Lists show it; the four look-ups have to ask.
      expect(metricsAsked()).toEqual(Array(4).fill(`/v1/runs/${run.id}/metrics`));
    },
  );
});
