import { beforeEach, describe, test } from 'vitest';
import { expectFiltered, type Filter, filterLike, type Lister, richest, subsets, usual } from '../filters.ts';
import { type Given, ORDERS, tooFew } from '../observe.ts';
import { idsOf, type WireRun } from '../target.ts';

const STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'];
const STOP_REASONS = [
  'end_turn',
  'error',
  'llm_api_error',
  'invalid_llm_response',
  'invalid_tool_call',
  'max_steps',
  'max_tokens_exceeded',
  'no_tool_call',
  'tool_rule',
  'cancelled',
  'insufficient_credits',
  'requires_approval',
  'context_window_overflow_in_system_prompt',
];

/** Filters for the runs that are there. */
export const FILTERS: readonly (readonly [name: string, filters: (rows: readonly WireRun[]) => Filter[]])[] =
  [
    ['agent_id', (rows) => usual(rows, 'agent_id').map((agent_id) => ({ agent_id }))],
    ['agent_ids', (rows) => [{ agent_ids: [...usual(rows, 'agent_id').slice(0, 2), 'nobody'] }]],
    ['statuses, each alone', () => STATUSES.map((status) => ({ statuses: [status] }))],
    [
      'statuses, some together',
      () => [
        { statuses: ['failed', 'created'] },
        { statuses: ['completed', 'completed'] },
        { statuses: STATUSES },
      ],
    ],
    ['background', () => [{ background: true }, { background: false }]],
    ['stop_reason', () => STOP_REASONS.map((stop_reason) => ({ stop_reason }))],
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
      for (const filter of filtersFor(observed.heads[order].rows)) {
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
