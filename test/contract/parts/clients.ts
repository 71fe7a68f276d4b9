import Letta, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  UnprocessableEntityError,
} from '@letta-ai/letta-client';
import type { RunListParams } from '@letta-ai/letta-client/resources/runs/runs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../../src/gateway.ts';
import type { WireAgent } from '../../support/agent-fields.ts';
import { type Answer, execute } from '../../support/execute.ts';
import { expectListed, FILTERS } from '../filters.ts';
import { type Given, MAX_LIMIT, ORDERS, tooFew } from '../observe.ts';
import { lacks } from '../releases.ts';
import { OBSERVING_TIMEOUT_MS, someRuns } from '../run-details.ts';
import { idsOf, type Target } from '../target.ts';

function connect({ baseUrl, apiKey, userId }: Target): Letta {
  return new Letta({
    baseURL: baseUrl,
    // Undefined would have it look for a key in the environment.
    apiKey: apiKey ?? null,
    maxRetries: 0,
    ...(userId !== undefined && { defaultHeaders: { user_id: userId } }),
  });
}

/** Its own error class for each refusal; a limit that is null is sent as empty. */
const REFUSALS = [
  ['a run that is not there', NotFoundError, (letta) => letta.runs.retrieve(`run-${crypto.randomUUID()}`)],
  ['a malformed id', BadRequestError, (letta) => letta.runs.retrieve('nonsense')],
  ['an unknown status', BadRequestError, (letta) => letta.runs.list({ statuses: ['pending'] })],
  ['a limit that is null', UnprocessableEntityError, (letta) => letta.runs.list({ limit: null })],
] as const satisfies readonly (readonly [string, unknown, (letta: Letta) => Promise<unknown>])[];

interface RunsQuery {
  readonly runs: {
    readonly nodes: readonly object[];
    readonly pageInfo: Readonly<Record<'startCursor' | 'endCursor', string | null>> &
      Readonly<Record<'hasNextPage' | 'hasPreviousPage', boolean>>;
  };
}

export function describeClients(given: Given): void {
  describe('the official client', () => {
    test.each(REFUSALS)('throws its own error class for %s', async (_, errorClass, call) => {
      await expect(call(connect(given().target))).rejects.toBeInstanceOf(errorClass);
    });

    test('throws its own error class for a wrong key', async (context) => {
      const { target } = given();
      context.skip(...lacks(given(), 'wrong keys'));
      context.skip(target.apiKey === undefined, 'this server asks for no key');
      // The Cloud of the embedded API takes any key, unless there is a password.
      const call = connect({ ...target, apiKey: 'wrong' }).runs.list();
      await expect(call).rejects.toBeInstanceOf(AuthenticationError);
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));
      const list: Parameters<typeof expectListed>[2] = async (query) => {
        const page = await connect(given().target).runs.list(query as RunListParams);
        return page.getPaginatedItems().map(({ id }) => id);
      };

      test('lists by every filter', async () => {
        for (const filter of FILTERS.flatMap(([, filtersFor]) =>
          filtersFor(given().heads.desc.rows, given()),
        ))
          await expectListed(given(), { ...filter, order: 'desc', limit: MAX_LIMIT }, list);
      });

      test(
        'reads a run and what happened in it as the API sends it',
        async () => {
          const { client, target, heads } = given();
          const letta = connect(target);
          for (const { id } of someRuns(heads.desc.rows)) {
            const sent = async (path: string) => (await client.ask(path)).body;
            expect(await letta.runs.retrieve(id)).toEqual(await sent(`/v1/runs/${id}`));
            const steps = (await letta.runs.steps.list(id, { order: 'asc', limit: 3 })).getPaginatedItems();
            expect(steps).toEqual(await sent(`/v1/runs/${id}/steps?order=asc&limit=3`));
            const messages = await sent(`/v1/runs/${id}/messages?order=asc&limit=5`);
            // One message that can't be sent fails the whole list.
            if (!Array.isArray(messages)) continue;
            const read = await letta.runs.messages.list(id, { order: 'asc', limit: 5 });
            expect(read.getPaginatedItems()).toEqual(messages);
          }
        },
        OBSERVING_TIMEOUT_MS,
      );

      test('reads agents as the API sends them, without tags unless they are asked for', async () => {
        const { target, client, heads } = given();
        const id = heads.desc.rows[0]?.agent_id ?? '';
        const agent = (await client.ask(`/v1/agents/${id}`)).body as WireAgent;
        const letta = connect(target);
        expect(await letta.agents.retrieve(id)).toEqual({ ...agent, tags: [] });
        const tagged = await letta.agents.retrieve(id, { include: ['agent.tags'] });
        expect(tagged.tags.toSorted()).toEqual(agent.tags.toSorted());
        const { items } = await letta.agents.list({ name: agent.name });
        expect(items.some((item) => item.id === id)).toBe(agent.hidden !== true);
      });

      test('goes wrong with its auto-pagination where cursors are reversed', async (context) => {
        context.skip(...lacks(given(), 'auto-pagination'));
        const { target, dialect, heads } = given();
        const letta = connect(target);
        const idsOfAll = async (limit: number) =>
          (await Array.fromAsync(letta.runs.list({ limit }))).map(({ id }) => id);
        const ids = idsOf(heads.desc.rows);
        if (dialect === 'documented') expect((await idsOfAll(100)).slice(0, ids.length)).toEqual(ids);
        // It asks with `after` for what follows the page, and gets what precedes its last run.
        else expect(await idsOfAll(2)).toEqual([ids[0], ids[1], ids[0]]);
      });
    });
  });

  describe('the gateway', () => {
    beforeEach((context) => context.skip(...tooFew(given())));

    test.for(ORDERS.flatMap((order) => [true, false].map((isForward) => [order, isForward] as const)))(
      'walks (%s, forward: %s) as the list of the API goes',
      { timeout: OBSERVING_TIMEOUT_MS },
      async ([order, isForward], context) => {
        context.skip(...lacks(given(), 'the gateway'));
        const { target, heads } = given();
        // The last page of one order is the first of the other.
        const { rows, complete } = heads[isForward ? order : order === 'asc' ? 'desc' : 'asc'];
        await using gateway = await createGateway({ upstreamUrl: target.baseUrl, apiKey: target.apiKey });
        const query = `query ($order: SortOrder, $cursor: String) {
          runs(order: $order, ${isForward ? 'first: 37, after' : 'last: 37, before'}: $cursor) {
            nodes { id createdAt } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
          }
        }`;
        const walked: object[] = [];
        let cursor: string | null = null;
        for (let more = true; more && walked.length < MAX_LIMIT;) {
          const variables: object = { order: order.toUpperCase(), cursor };
          const { data, errors }: Answer<RunsQuery> = await execute(gateway, query, variables);
          expect(errors).toBeUndefined();
          const { nodes = [], pageInfo } = data?.runs ?? {};
          expect(isForward ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage).toBe(walked.length > 0);
          more = (isForward ? pageInfo?.hasNextPage : pageInfo?.hasPreviousPage) === true;
          cursor = (isForward ? pageInfo?.endCursor : pageInfo?.startCursor) ?? null;
          walked.push(...(isForward ? nodes : nodes.toReversed()));
          // Of a longer list the end is not known.
          if (complete) expect(more).toBe(walked.length < rows.length);
        }
        expect(walked.slice(0, MAX_LIMIT)).toEqual(
          rows.map(({ id, created_at }) => ({ id, createdAt: created_at })),
        );
      },
    );
  });
}
