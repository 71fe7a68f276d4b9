import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../support/property-runs.ts';
import { listedIds } from '../../support/time-list.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';
import { expectedItems, type ItemKey } from './message-list-model.ts';
import { randomMessages, storedMessage } from './random-messages.ts';
import { numberedId } from './random-steps.ts';

const RUN = runId(1);
const STEP = numberedId('step', 1);

const AGENT_TYPES = ['letta_v1_agent', 'memgpt_v2_agent'] as const;
const AGENT = {
  name: 'Helper',
  llm_config: {},
  created_at: '2025-01-01T00:00:00Z',
  updated_at: '2025-01-01T00:00:00Z',
};

const REQUESTS = fc.record(
  { before: fc.nat(20), after: fc.nat(20), limit: fc.nat(7), order: fc.constantFrom('asc', 'desc') },
  { requiredKeys: [] },
);

function toQuery(request: object): string {
  const pairs = Object.entries(request).filter(([, value]) => value !== undefined);
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
}

function keyOf({ id, message_type, otid }: ItemKey): string {
  return `${id} ${message_type} ${otid}`;
}

test('a list has the items that the model expects: cursors, limits, parts, answers, types', async () => {
  let checked = 0;
  await using api = await runningApi(FIVE_RUNS);
  // Each agent has its type as its id.
  api.store.agents.insert(AGENT_TYPES.map((type) => ({ ...AGENT, id: type, agent_type: type })));
  await fc.assert(
    fc.asyncProperty(
      randomMessages(14),
      fc.array(REQUESTS, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(...AGENT_TYPES),
      fc.constantFrom(null, [], ['assistant_message', 'tool_call_message'], ['event_message']),
      async (made, asked, agent_type, types) => {
        checked += 1;
        const run = numberedId('run', 1000 + checked);
        const config = types && { include_return_message_types: types };
        api.store.insert([
          {
            id: run,
            agent_id: agent_type,
            created_at: '2025-01-01T00:00:00Z',
            request_config: config,
          },
        ]);
        const stored = made.map((one, at) =>
          storedMessage(one, numberedId('message', checked * 100 + at), run),
        );
        const place = Math.floor(stored.length / 2);
        const elsewhere = storedMessage({ kind: 'user' }, numberedId('message', checked * 100 + 99), RUN);
        api.store.messages.insert(stored.toSpliced(place, 0, elsewhere));
        for (const { before, after, ...rest } of asked) {
          const cursor = (at: number | undefined) =>
            at === undefined ? undefined : [...stored, elsewhere][at % (stored.length + 1)]?.id;
          const request = { ...rest, before: cursor(before), after: cursor(after) };
          const { status, body } = await api.json(`/v1/runs/${run}/messages?${toQuery(request)}`);
          expect(status).toBe(200);
          expect((body as ItemKey[]).map(keyOf), JSON.stringify(request)).toEqual(
            expectedItems(
              made,
              stored,
              { id: elsewhere.id, place },
              { ...request, isAnswering: agent_type === 'letta_v1_agent', types },
            ).map(keyOf),
          );
        }
      },
    ),
    { numRuns: propertyRuns(80) },
  );
});

test('the messages of a step are listed by time, with the faults of such lists', async () => {
  let checked = 0;
  await using api = await runningApi(FIVE_RUNS);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
      fc.array(REQUESTS, { minLength: 6, maxLength: 6 }),
      async (tenths, asked) => {
        checked += 1;
        const step = numberedId('step', 1000 + checked);
        const stored = tenths.map((tenth, at) => ({
          ...storedMessage({ kind: 'user' }, numberedId('message', checked * 100 + at), RUN),
          step_id: step,
          created_at: `2025-01-01T00:00:00.${tenth}00000Z`,
        }));
        api.store.messages.insert(stored);
        for (const { before, after, ...rest } of asked) {
          const cursor = (at: number | undefined) =>
            at === undefined ? undefined : stored[at % Math.max(1, stored.length)]?.id;
          const request = { ...rest, before: cursor(before), after: cursor(after) };
          const { status, body } = await api.json(`/v1/steps/${step}/messages?${toQuery(request)}`);
          const expected = listedIds(stored, stored, request, 'asc');
          expect(status).toBe(expected === undefined ? 400 : 200);
          if (expected !== undefined) expect((body as ItemKey[]).map(({ id }) => id)).toEqual(expected);
        }
      },
    ),
    { numRuns: propertyRuns(40) },
  );
});

test('a step lists the items of each message last first, and texts as thoughts', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.messages.insert([
    { ...storedMessage({ kind: 'call' }, numberedId('message', 1), RUN), step_id: STEP },
  ]);
  const { body } = await api.json(`/v1/steps/${STEP}/messages`);
  expect((body as ItemKey[]).map(({ message_type }) => message_type)).toEqual([
    'tool_call_message',
    'reasoning_message',
  ]);
});

test('a step that nobody has has no messages', async () => {
  await using api = await runningApi([]);
  expect(await api.json(`/v1/steps/${STEP}/messages`)).toEqual({ status: 200, body: [] });
});

test.each([
  ['limit=-1', 500, 'A database error occurred.'],
  ['after=a%00b', 500, 'A database error occurred.'],
  ['before=x&after=y', 404, "No message found with id 'y' for agent 'None'."],
])('%s is a %i', async (query, status, detail) => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await api.json(`/v1/runs/${RUN}/messages?${query}`)).toEqual({ status, body: { detail } });
});

test('a run that Letta could not read makes its messages a 400', async () => {
  await using api = await runningApi([
    { ...FIVE_RUNS[0], id: RUN, agent_id: 'a', created_at: '2025-01-01T00:00:00Z', status: 'x' },
  ]);
  const { status, body } = await api.json(`/v1/runs/${RUN}/messages`);
  expect({ status, body }).toEqual({
    status: 400,
    body: { detail: expect.stringMatching(/^1 validation error for Run\nstatus\n/) },
  });
});
