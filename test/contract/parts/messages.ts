import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WireItem } from '../../support/run-details.ts';
import type { WireRun } from '../../support/run-fields.ts';
import { type Given, ORDERS } from '../observe.ts';
import { many, noDetails, OBSERVING_TIMEOUT_MS, type RunDetails } from '../run-details.ts';

/** The types that the list of a run is limited to; undefined for all. */
function typesOf({ request_config }: WireRun): readonly unknown[] | undefined {
  const types: unknown = request_config?.['include_return_message_types'];
  return Array.isArray(types) && types.length > 0 ? types : undefined;
}

function keyOf({ id, message_type, otid }: WireItem): string {
  return `${id} ${message_type} ${otid}`;
}

/** Those items of a page that a whole list has; a return that its call's page leaves out is in another page. */
function among(page: readonly WireItem[], items: readonly WireItem[]): readonly WireItem[] {
  const keys = new Set(items.map(keyOf));
  return page.filter((item) => keys.has(keyOf(item)));
}

const distinctIds = (items: readonly WireItem[]): string[] => [...new Set(items.map(({ id }) => id))];

export function describeMessages(given: Given): void {
  describe('the messages of a run', () => {
    let details: readonly RunDetails[] = [];
    /** Those whose lists have all types. */
    let whole: readonly RunDetails[] = [];
    beforeAll(async () => {
      details = (await given().details()).filter(({ items }) => items.length > 0);
      whole = details.filter(({ run }) => typesOf(run) === undefined);
    }, OBSERVING_TIMEOUT_MS);
    const ask = ({ run }: RunDetails, query: string) =>
      given().client.ask(`/v1/runs/${run.id}/messages?${query}`);
    const list = ({ run }: RunDetails, query: string) =>
      given().client.list<WireItem>(`/v1/runs/${run.id}/messages?${query}`);

    describe('with some messages', () => {
      beforeEach((context) => context.skip(...noDetails(details)));

      test('ids may repeat, and so may ids with types or with an otid, but never all three', () => {
        for (const { items } of details) expect(new Set(items.map(keyOf)).size).toBe(items.length);
      });

      test('one order is the other backwards, item by item', async () => {
        for (const one of details)
          expect(await list(one, `order=desc&limit=${many(given())}`)).toEqual(one.items.toReversed());
      });

      test('only the types that the run asked for are sent', () => {
        for (const { run, items } of details) {
          const types = typesOf(run);
          if (types !== undefined)
            expect(items.filter((item) => !types.includes(item.message_type))).toEqual([]);
        }
      });

      test.each(ORDERS)('a limit counts stored messages, from the first in order (%s)', async (order) => {
        for (const one of whole.slice(0, 8)) {
          const items = order === 'asc' ? one.items : one.items.toReversed();
          for (const limit of [1, 3]) {
            const page = await list(one, `order=${order}&limit=${limit}`);
            expect(distinctIds(page).length).toBeLessThanOrEqual(limit);
            const known = among(page, items);
            expect(known).toEqual(items.slice(0, known.length));
          }
        }
      });

      test('a cursor means earlier or later, in both orders; it stands between messages, not between their items', async () => {
        for (const one of whole.slice(0, 8)) {
          const ids = distinctIds(one.items);
          const cursor = ids[Math.floor(ids.length / 2)] ?? '';
          const isCursor = ({ id }: WireItem) => id === cursor;
          const expected = {
            before: one.items.slice(0, one.items.findIndex(isCursor)),
            after: one.items.slice(one.items.findLastIndex(isCursor) + 1),
          };
          for (const [name, items] of Object.entries(expected)) {
            for (const order of ['asc', 'desc']) {
              const page = await list(one, `${name}=${cursor}&order=${order}&limit=${many(given())}`);
              expect(among(page, one.items)).toEqual(order === 'asc' ? items : items.toReversed());
            }
          }
        }
      });

      test.each(['before', 'after'])('%s is a message of any run; an unknown one is a 404', async (name) => {
        const [one, other] = details as [RunDetails, RunDetails | undefined];
        const detail = "No message found with id 'nobody' for agent 'None'.";
        expect(await ask(one, `${name}=nobody`)).toEqual({ status: 404, body: { detail } });
        expect((await ask(one, `${name}=${other?.items[0]?.id ?? ''}`)).status).toBe(200);
      });
    });
  });
}
