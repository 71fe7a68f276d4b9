import type { Random } from '../../embedded-api/samples/random.ts';
import type { RandomRun } from '../support/random-runs.ts';
import type { RelayArguments, RelayPage } from '../support/relay-algorithm.ts';
import { type Filters, filterText } from '../support/run-filters.ts';
import { type AskedField, servedField, valueAt } from './answer.ts';
import { type ExpectedRuns, ROW_SELECTION } from './expected-runs.ts';

/** Cursors that are remembered, for pages to come. */
const MAX_CURSORS = 500;
const SIZES = [0, 1, 1, 2, 3, 5, 10, 10, 20, 20, 50, 100] as const;
/** Rare, as they weigh a hundred times as much as the others. */
const LARGEST_SIZE = 1000;

const SELECTION = `{ edges { cursor node { ${ROW_SELECTION} } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

/** Asks for random pages, with cursors of earlier answers, and knows what each must hold. */
export interface Pages {
  /** A field for one page of the list that the filters leave. */
  ask(filters: Filters): AskedField;
  /** What is wrong with a page of the runs that the filters leave, newest first, without cursors. */
  problemOfFirst(size: number, filters: Filters, value: unknown): string | null;
}

export function createPages(expected: ExpectedRuns, random: Random): Pages {
  /** The latest cursors with their runs, oldest first. */
  const remembered: [string, RandomRun][] = [];
  /** A run's cursor never changes. */
  const cursorOf = new Map<string, unknown>();

  const anyPlace = (): [string, RandomRun] | undefined => {
    const place = remembered[random.between(0, remembered.length - 1)];
    // A run's id is a cursor as well.
    return place !== undefined && random.chance(0.1) ? [place[1].id, place[1]] : place;
  };

  const problemOfPage = (page: RelayPage<RandomRun>, value: unknown): string | null => {
    const edges = valueAt(value, 'edges');
    if (!Array.isArray(edges)) return `expected a page, but got ${JSON.stringify(value)}`;
    if (edges.length !== page.rows.length)
      return `expected ${page.rows.length} rows, but got ${edges.length}`;
    const cursors: unknown[] = [];
    for (const [index, run] of page.rows.entries()) {
      const problem = expected.problemOfRow(run, valueAt(edges[index], 'node'));
      if (problem !== null) return `row ${index}: ${problem}`;
      const cursor = valueAt(edges[index], 'cursor');
      if (typeof cursor !== 'string') return `row ${index}: no cursor`;
      if ((cursorOf.get(run.id) ?? cursor) !== cursor) return `row ${index}: its cursor has changed`;
      cursorOf.set(run.id, cursor);
      cursors.push(cursor);
      if (random.chance(0.2)) remembered.push([cursor, run]);
    }
    remembered.splice(0, remembered.length - MAX_CURSORS);
    const nodes = JSON.stringify(valueAt(value, 'nodes'));
    if (nodes !== JSON.stringify(page.rows.map(({ id }) => ({ id }))))
      return `nodes are not those of the edges`;
    const { hasNextPage, hasPreviousPage } = page;
    const info = {
      hasNextPage,
      hasPreviousPage,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    };
    const actual = JSON.stringify(valueAt(value, 'pageInfo'));
    return actual === JSON.stringify(info) ? null : `expected ${JSON.stringify(info)}, but got ${actual}`;
  };

  return {
    ask(filters) {
      const size = random.chance(0.004) ? LARGEST_SIZE : random.pick(SIZES);
      const direction = random.chance(0.6) ? 'first' : 'last';
      const order = random.chance(0.7) ? 'DESC' : 'ASC';
      const after = random.chance(0.4) ? anyPlace() : undefined;
      const before = random.chance(0.3) ? anyPlace() : undefined;
      const window: RelayArguments<RandomRun> = { [direction]: size, after: after?.[1], before: before?.[1] };
      const texts = [
        `${direction}: ${size}`,
        order === 'ASC' ? 'order: ASC' : '',
        after === undefined ? '' : `after: "${after[0]}"`,
        before === undefined ? '' : `before: "${before[0]}"`,
        filterText(filters),
      ];
      return servedField(`runs(${texts.filter((text) => text !== '').join(', ')}) ${SELECTION}`, (value) =>
        problemOfPage(expected.page(order, filters, window), value),
      );
    },
    problemOfFirst: (size, filters, value) =>
      problemOfPage(expected.page('DESC', filters, { first: size }), value),
  };
}

/** The first runs of an agent, as `Agent.runs`. */
export function agentRunsText(size: number): string {
  return `agent { id runs(first: ${size}) ${SELECTION} }`;
}
