import Letta, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  UnprocessableEntityError,
} from '@letta-ai/letta-client';
import type { RunListParams } from '@letta-ai/letta-client/resources/runs/runs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { WireAgent } from '../../support/agent-fields.ts';
import { expectFiltered, filterLike, type Lister, richest, subsets } from '../filters.ts';
import { type Given, ORDERS, tooFew } from '../observe.ts';
import { has } from '../releases.ts';
import { type Skips, testUnless } from '../skips.ts';
import { idsOf, type Target } from '../target.ts';
import { FILTERS } from './filters.ts';
import { someRuns } from './retrieve.ts';

function connect({ baseUrl, apiKey, userId }: Target): Letta {
  return new Letta({
    baseURL: baseUrl,
    // Undefined would have it look for a key in the environment.
    apiKey: apiKey ?? null,
    maxRetries: 0,
    ...(userId !== undefined && { defaultHeaders: { user_id: userId } }),
  });
}

/** Its own error class for each refusal. */
const REFUSALS = [
  ['a run that is not there', NotFoundError, (letta) => letta.runs.retrieve(`run-${crypto.randomUUID()}`)],
  ['a malformed id', BadRequestError, (letta) => letta.runs.retrieve('nonsense')],
  ['an unknown status', BadRequestError, (letta) => letta.runs.list({ statuses: ['pending'] })],
  [
    'a limit that is null, which it sends as empty',
    UnprocessableEntityError,
    (letta) => letta.runs.list({ limit: null }),
  ],
] as const satisfies readonly (readonly [string, unknown, (letta: Letta) => Promise<unknown>])[];

/** What the client makes of a list. */
interface Page {
  getPaginatedItems(): unknown;
}

export function describeLettaClient(given: Given, { wrongKey, autoPagination }: Skips): void {
  describe('the official client', () => {
    test.each(REFUSALS)('it throws its own error class for %s', async (_, errorClass, call) => {
      await expect(call(connect(given().target))).rejects.toBeInstanceOf(errorClass);
    });

    testUnless(wrongKey, 'it throws its own error class for a wrong key', async (context) => {
      const { target } = given();
      context.skip(target.apiKey === undefined, 'this server asks for no key');
      const call = connect({ ...target, apiKey: 'wrong' }).runs.list();
      await expect(call).rejects.toBeInstanceOf(AuthenticationError);
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));
      const list: Lister = async (query) => {
        const page = await connect(given().target).runs.list(query as RunListParams);
        return page.getPaginatedItems().map(({ id }) => id);
      };

      test.each(FILTERS)('it lists by %s', async (_, filtersFor) => {
        const observed = given();
        for (const filter of filtersFor(observed.heads.desc.rows, observed)) {
          await expectFiltered(observed, list, filter, 'desc');
        }
      });

      test.each(ORDERS)('it lists by all filters together (%s)', async (order) => {
        const observed = given();
        const row = richest(observed.heads[order].rows);
        const all = row && subsets(filterLike(row)).at(-1);
        await expectFiltered(observed, list, all ?? {}, order);
      });

      test('it retrieves what the API sends', async () => {
        const { target, client, heads } = given();
        for (const { id } of someRuns(heads.desc.rows)) {
          const response = await client.get(`/v1/runs/${id}`);
          expect(await connect(target).runs.retrieve(id)).toEqual(await response.json());
        }
      });

      test('it retrieves and lists agents as the API sends them, without tags unless they are asked for', async () => {
        const { target, client, heads } = given();
        const id = heads.desc.rows[0]?.agent_id ?? '';
        const response = await client.get(`/v1/agents/${id}`);
        const agent: WireAgent = await response.json();
        const letta = connect(target);
        expect(await letta.agents.retrieve(id)).toEqual({ ...agent, tags: [] });
        const tagged = await letta.agents.retrieve(id, { include: ['agent.tags'] });
        expect(tagged.tags.toSorted()).toEqual(agent.tags.toSorted());
        const { items } = await letta.agents.list({ name: agent.name });
        expect(items.some((item) => item.id === id)).toBe(agent.hidden !== true);
      });

      test('it reads what happened in a run', async () => {
        const observed = given();
        const { client, target } = observed;
        const letta = connect(target);
        for (const { id } of someRuns(observed.heads.desc.rows)) {
          const sent = async (path: string): Promise<unknown> => (await client.get(path)).json();
          const steps = (await letta.runs.steps.list(id, { order: 'asc', limit: 3 })).getPaginatedItems();
          expect(steps).toEqual(await sent(`/v1/runs/${id}/steps?order=asc&limit=3`));
          const readMessages = async (path: string, read: () => Promise<Page>): Promise<void> => {
            const listed = await sent(path);
            // One message that can't be sent fails the whole list, which another test is about.
            if (Array.isArray(listed)) expect((await read()).getPaginatedItems()).toEqual(listed);
          };
          await readMessages(`/v1/runs/${id}/messages?order=asc&limit=5`, () =>
            letta.runs.messages.list(id, { order: 'asc', limit: 5 }),
          );
          if (has(observed, 'the usage of a run')) {
            expect(await letta.runs.usage.retrieve(id)).toEqual(await sent(`/v1/runs/${id}/usage`));
          }
          for (const step of steps.slice(0, 1)) {
            expect(await letta.steps.retrieve(step.id)).toEqual(step);
            if (!has(observed, 'messages of steps')) continue;
            await readMessages(`/v1/steps/${step.id}/messages`, () => letta.steps.messages.list(step.id));
          }
        }
      });

      testUnless(autoPagination, 'its auto-pagination goes wrong where cursors are reversed', async () => {
        const { target, dialect, heads } = given();
        const letta = connect(target);
        const idsOfAll = async (limit: number) =>
          (await Array.fromAsync(letta.runs.list({ limit }))).map(({ id }) => id);
        const ids = idsOf(heads.desc.rows);
        if (dialect === 'documented') {
          expect((await idsOfAll(100)).slice(0, ids.length)).toEqual(ids);
        } else {
          // It asks with `after` for what follows the page, and gets what precedes its last run.
          expect(await idsOfAll(2)).toEqual([ids[0], ids[1], ids[0]]);
        }
      });
    });
  });
}
