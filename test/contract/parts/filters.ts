import { beforeEach, describe, test } from 'vitest';
import { RUN_STATUSES, STOP_REASONS, type WireRun } from '../../support/run-fields.ts';
import type { WireFilters } from '../../support/run-list.ts';
import { expectFiltered, filterLike, type Lister, richest, subsets, usual } from '../filters.ts';
import { type Given, type Observed, ORDERS, tooFew } from '../observe.ts';
import { known } from '../releases.ts';
import { idsOf } from '../target.ts';

/** Filters for the runs that are there. */
export const FILTERS: readonly (readonly [
  name: string,
  filters: (rows: readonly WireRun[], observed: Observed) => WireFilters[],
])[] = [
  ['agent_id', (rows) => usual(rows, 'agent_id').map((agent_id) => ({ agent_id }))],
  ['agent_ids', (rows) => [{ agent_ids: [...usual(rows, 'agent_id').slice(0, 2), 'nobody'] }]],
  ['statuses, each alone', () => RUN_STATUSES.map((status) => ({ statuses: [status] }))],
  [
    'statuses, some together',
    () => [
      { statuses: ['failed', 'created'] },
      { statuses: ['completed', 'completed'] },
      { statuses: RUN_STATUSES },
    ],
  ],
  ['background', () => [{ background: true }, { background: false }]],
  [
    'stop_reason',
    (_, observed) =>
      known(observed, 'runs?stop_reason=', STOP_REASONS).map((stop_reason) => ({ stop_reason })),
  ],
  [
    'conversation_id',
    (rows) => usual(rows, 'conversation_id').map((conversation_id) => ({ conversation_id })),
  ],
  ['active', () => [{ active: true }, { active: false }]],
  ['active and background', () => [{ active: true, background: true }]],
];

export function describeFilters(given: Given): void {
  describe.each(ORDERS)('filters (%s)', (order) => {
    beforeEach((context) => context.skip(...tooFew(given())));
    const list: Lister = async (query) => idsOf(await given().client.list(query));

    test.each(FILTERS)('%s keeps the runs that match', async (_, filtersFor) => {
      const observed = given();
      for (const filter of filtersFor(observed.heads[order].rows, observed)) {
        await expectFiltered(observed, list, filter, order);
      }
    });

    test('filters combine by AND, in every combination', async () => {
      const observed = given();
      const row = richest(observed.heads[order].rows);
      for (const filter of row === undefined ? [] : subsets(filterLike(row))) {
        await expectFiltered(observed, list, filter, order);
      }
    });
  });
}
