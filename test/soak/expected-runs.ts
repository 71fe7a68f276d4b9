import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import type { StoredRun } from '../../embedded-api/store/store.ts';
import { expectedRun, RUN_SELECTIONS } from '../support/expected-run.ts';
import type { RandomRun } from '../support/random-runs.ts';
import { type RelayArguments, type RelayPage, relayPage } from '../support/relay-algorithm.ts';
import { entriesOf, RUN_FIELDS } from '../support/run-fields.ts';
import { type Filters, wireFilters } from '../support/run-filters.ts';
import { matches, sortRuns } from '../support/run-list.ts';

/** The duration of a run that is looked up takes a second request, which may fail by itself. */
const LEFT_OUT = 'totalDurationNs';

/** What is asked of every run; {@link ExpectedRuns.problemOfRow} wants just these. */
export const ROW_SELECTION = RUN_SELECTIONS.filter((text) => text !== LEFT_OUT).join(' ');

/** The runs of the embedded API as a second list in memory, which says what the gateway must answer. */
export interface ExpectedRuns {
  readonly newestFirst: readonly RandomRun[];
  page(order: 'ASC' | 'DESC', filters: Filters, window: RelayArguments<RandomRun>): RelayPage<RandomRun>;
  /** What is wrong with a row as the gateway shows it; null if nothing is. */
  problemOfRow(run: RandomRun, row: unknown): string | null;
}

export function createExpectedRuns(all: readonly StoredRun[]): ExpectedRuns {
  const own = all.filter((run) => run.organization_id === DEFAULT_ACTOR.organizationId).map(asWritten);
  const newestFirst = sortRuns(own, 'desc');
  const oldestFirst = newestFirst.toReversed();
  const rows = new Map(own.map((run) => [run.id, rowOf(run)]));
  return {
    newestFirst,
    page(order, filters, window) {
      const wanted = wireFilters(filters);
      return relayPage(order === 'ASC' ? oldestFirst : newestFirst, (run) => matches(run, wanted), window);
    },
    problemOfRow(run, row) {
      const expected = rows.get(run.id);
      if (isDeepStrictEqual(row, expected)) return null;
      return `expected ${JSON.stringify(expected)}, but got ${JSON.stringify(row)}`;
    },
  };
}

function rowOf(run: RandomRun): unknown {
  const { [LEFT_OUT]: _duration, ...row } = expectedRun(run);
  return row;
}

const INSTANTS = new Set(
  entriesOf(RUN_FIELDS).flatMap(([name, { kind }]) => (kind.endsWith('instant') ? [name] : [])),
);

/** Through its text, as it comes over the wire, which writes no fraction of zero. */
function asWritten(run: StoredRun): RandomRun {
  const text = JSON.stringify(run, (key, value: unknown) =>
    INSTANTS.has(key) && typeof value === 'string' ? value.replace('.000000Z', 'Z') : value,
  );
  return JSON.parse(text);
}
