import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ITEM_KEYS, OWN_ITEM_KEYS, type WireItem } from '../../support/run-details.ts';
import type { WireRun } from '../../support/run-fields.ts';
import type { Given } from '../observe.ts';
import { databaseError, has, lacks } from '../releases.ts';
import {
  type GivenDetails,
  listOf,
  noDetails,
  OBSERVING_TIMEOUT_MS,
  type RunDetails,
  many,
} from '../run-details.ts';

const NOBODY = 'step-00000000-0000-4000-8000-000000000000';

/** The types that the list of a run is limited to; undefined for all. */
function typesOf({ request_config }: WireRun): readonly unknown[] | undefined {
  const types: unknown = request_config?.['include_return_message_types'];
  return Array.isArray(types) && types.length > 0 ? types : undefined;
}

function keyOf({ id, message_type, otid }: WireItem): string {
  return `${id} ${message_type} ${otid}`;
}

/** The first positions of the ids of a list. */
function distinctIds(items: readonly WireItem[]): string[] {
  return [...new Set(items.map(({ id }) => id))];
}

export function describeMessages(given: Given, observeDetails: GivenDetails): void {
  describe('the messages of a run', () => {
    let details: readonly RunDetails[] = [];
    /** Those whose lists have all types. */
    let whole: readonly RunDetails[] = [];
    beforeAll(async () => {
      details = (await observeDetails()).filter(({ items }) => items.length > 0);
      whole = details.filter(({ run }) => typesOf(run) === undefined);
    }, OBSERVING_TIMEOUT_MS);
    const list = (path: string) => listOf<WireItem>(given(), path);

    test.each(['limit=abc', 'order=ASC', 'order_by=id'])('%s is a 422', async (query) => {
      const ofSteps = has(given(), 'messages of steps') ? [`/v1/steps/${NOBODY}/messages`] : [];
      for (const path of ['/v1/runs/nonsense/messages', ...ofSteps]) {
        expect((await given().client.get(`${path}?${query}`)).status).toBe(422);
      }
    });

    test('a step that nobody has has none', async (context) => {
      context.skip(...lacks(given(), 'messages of steps'));
      expect(await list(`/v1/steps/${NOBODY}/messages`)).toEqual([]);
    });

    describe('with some messages', () => {
      beforeEach((context) => context.skip(...noDetails(details)));

      test('each item has the keys of its type in order, and belongs to its run', () => {
        for (const { run, items } of details) {
          for (const item of items) {
            expect(Object.keys(item)).toEqual([
              ...ITEM_KEYS,
              ...(OWN_ITEM_KEYS[item.message_type] ?? ['unknown type']),
            ]);
            expect(item).toMatchObject({ run_id: run.id, seq_id: null });
            expect(item.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
            expect([true, null]).toContain(item.is_err);
          }
        }
      });

      test('ids may repeat, and so may ids with types or with an otid, but never all three', () => {
        for (const { items } of details) {
          const keys = items.map(keyOf);
          expect(new Set(keys).size).toBe(keys.length);
        }
      });

      test('one order is the other backwards, item by item', async () => {
        for (const { run, items } of details) {
          const backwards = await list(`/v1/runs/${run.id}/messages?order=desc&limit=${many(given())}`);
          expect(backwards).toEqual(items.toReversed());
        }
      });

      test('only the types that the run asked for are sent', () => {
        for (const { run, items } of details) {
          const types = typesOf(run);
          if (types !== undefined)
            expect(items.filter((item) => !types.includes(item.message_type))).toEqual([]);
        }
      });

      test('a limit counts stored messages, and is any number from 0', async () => {
        for (const { run, items } of whole.slice(0, 8)) {
          for (const limit of [1, 3]) {
            const page = await list(`/v1/runs/${run.id}/messages?limit=${limit}`);
            expect(distinctIds(page).length).toBeLessThanOrEqual(limit);
            const known = page.filter((item) => items.some((other) => keyOf(other) === keyOf(item)));
            expect(known).toEqual(items.slice(0, known.length));
          }
          expect(await list(`/v1/runs/${run.id}/messages?limit=0`)).toEqual([]);
          const response = await given().client.get(`/v1/runs/${run.id}/messages?limit=-1`);
          expect({ status: response.status, body: await response.json() }).toEqual({
            status: 500,
            body: { detail: databaseError(given()) },
          });
        }
      });

      test('a cursor means earlier or later, in both orders; it stands between messages, not between their items', async () => {
        for (const { run, items } of whole.slice(0, 8)) {
          const ids = distinctIds(items);
          const cursor = ids[Math.floor(ids.length / 2)] ?? '';
          const first = items.findIndex(({ id }) => id === cursor);
          const last = items.findLastIndex(({ id }) => id === cursor);
          const selections = { before: items.slice(0, first), after: items.slice(last + 1) };
          for (const [name, expected] of Object.entries(selections)) {
            for (const order of ['asc', 'desc']) {
              const page = await list(
                `/v1/runs/${run.id}/messages?${name}=${cursor}&order=${order}&limit=${many(given())}`,
              );
              // A return that its call's page leaves out is in another page.
              const known = page.filter((item) => items.some((other) => keyOf(other) === keyOf(item)));
              expect(known).toEqual(order === 'asc' ? expected : expected.toReversed());
            }
          }
        }
      });

      test('walking by the last id reads all items', async () => {
        for (const { run, items } of whole.slice(0, 5)) {
          const walked: WireItem[] = [];
          for (;;) {
            const page = await list(`/v1/runs/${run.id}/messages?limit=9&after=${walked.at(-1)?.id ?? ''}`);
            if (page.length === 0) break;
            walked.push(...page);
          }
          const more = walked.filter((item) => !items.some((other) => keyOf(other) === keyOf(item)));
          expect(more.filter(({ message_type }) => message_type !== 'tool_return_message')).toEqual([]);
          expect(walked.filter((item) => !more.includes(item))).toEqual(items);
        }
      });

      test('an unknown cursor is a 404, and one of another run a place', async () => {
        const [{ run }, other] = details as [RunDetails, RunDetails | undefined];
        for (const name of ['before', 'after']) {
          const response = await given().client.get(`/v1/runs/${run.id}/messages?${name}=nobody`);
          expect({ status: response.status, body: await response.json() }).toEqual({
            status: 404,
            body: { detail: "No message found with id 'nobody' for agent 'None'." },
          });
          const path = `/v1/runs/${run.id}/messages?${name}=${other?.items[0]?.id ?? ''}`;
          expect((await given().client.get(path)).status).toBe(200);
        }
      });

      test('the messages of a step are those of the run, each with its items last first', async (context) => {
        context.skip(...lacks(given(), 'messages of steps'));
        for (const { run, steps, items } of whole.slice(0, 6)) {
          for (const step of steps.slice(0, 3)) {
            const own = await list(`/v1/steps/${step.id}/messages`);
            for (const item of own) {
              expect(item.run_id).toBe(run.id);
              // Responses to requests for approval come without it.
              if (item.message_type !== 'approval_response_message') expect(item.step_id).toBe(step.id);
            }
            for (const id of distinctIds(own)) {
              // Texts are thoughts here, whatever the agent; and texts in a row stay apart.
              const otids = (some: readonly WireItem[]) =>
                some.filter((item) => item.id === id).map(({ otid }) => otid);
              const ofRun = otids(items);
              if (ofRun.length > 0) expect(otids(own)).toEqual(ofRun.toReversed());
            }
          }
        }
      });
    });
  });
}
