import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemOf } from '../../../embedded-api/model/items.ts';
import type { NewMessage, WireItem } from '../../../embedded-api/model/rows.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';
import { numberedId } from './random-steps.ts';

const RUN = runId(1);

/** The types of a message's items. `answer` is called by `send_message`, whose return vanishes beside it. */
const KINDS = {
  user: ['user_message'],
  empty: [],
  call: ['reasoning_message', 'tool_call_message'],
  return: ['tool_return_message'],
  answer: ['reasoning_message', 'assistant_message'],
  'answer return': ['tool_return_message'],
} as const satisfies Readonly<Record<string, readonly WireItem['message_type'][]>>;

const requests = fc.record(
  { before: fc.nat(20), after: fc.nat(20), limit: fc.nat(7), order: fc.constantFrom('asc', 'desc') },
  { requiredKeys: [] },
);

/** Messages of a run, and one of another run in the middle of them. */
function stored(kinds: readonly (keyof typeof KINDS)[], run: string, first: number): NewMessage[] {
  let answer: string | undefined;
  return kinds.map((kind, at) => {
    const id = numberedId('message', first + at);
    const shared = { id, run_id: run, created_at: '2025-01-01T00:00:00Z' };
    const items = KINDS[kind].map((type, part) => itemOf({ ...shared, step_id: null }, type, `${part}`, {}));
    if (kind === 'answer') answer = id;
    return { ...shared, items, ...(kind === 'answer return' && answer && { omitted_with: answer }) };
  });
}

test('a list has the items that the model expects: cursors, limits, parts, answers, types', async () => {
  let checked = 0;
  await using api = await runningApi(FIVE_RUNS);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])), { maxLength: 14 }),
      fc.array(requests, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(null, [], ['assistant_message', 'tool_call_message'], ['event_message']),
      async (kinds, asked, types) => {
        checked += 1;
        const run = numberedId('run', 1000 + checked);
        const request_config = types && { include_return_message_types: types };
        api.store.insert([{ id: run, agent_id: 'a', created_at: '2025-01-01T00:00:00Z', request_config }]);
        const own = stored(kinds, run, checked * 100);
        const [elsewhere] = stored(['user'], RUN, checked * 100 + 99) as [NewMessage];
        const all = own.toSpliced(Math.floor(own.length / 2), 0, elsewhere);
        api.store.messages.insert(all);
        for (const { before, after, limit = 100, order = 'asc' } of asked) {
          const at = (cursor: number | undefined) => (cursor === undefined ? undefined : cursor % all.length);
          const [from = -1, to = Infinity] = [at(after), at(before)];
          const between = all.filter((one, index) => one !== elsewhere && index > from && index < to);
          const page = order === 'asc' ? between.slice(0, limit) : between.toReversed().slice(0, limit);
          const items = page
            .filter(({ omitted_with }) => !page.some(({ id }) => id === omitted_with))
            .flatMap((one) => (order === 'asc' ? one.items : one.items.toReversed()))
            .filter(({ message_type }) => !types?.length || types.some((type) => type === message_type));
          const query = new URLSearchParams({ limit: String(limit), order });
          if (before !== undefined) query.set('before', all[at(before) ?? 0]?.id ?? '');
          if (after !== undefined) query.set('after', all[at(after) ?? 0]?.id ?? '');
          const { status, body } = await api.json(`/v1/runs/${run}/messages?${query.toString()}`);
          expect({ status, body }, query.toString()).toEqual({ status: 200, body: items });
        }
      },
    ),
    { numRuns: propertyRuns(80) },
  );
});

test.each([
  ['limit=-1', 500, 'A database error occurred.'],
  ['after=a%00b', 500, 'A database error occurred.'],
  ['before=x&after=y', 404, "No message found with id 'y' for agent 'None'."],
])('%s is a %i', async (query, status, detail) => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await api.json(`/v1/runs/${RUN}/messages?${query}`)).toEqual({ status, body: { detail } });
});
