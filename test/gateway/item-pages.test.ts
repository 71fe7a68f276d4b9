import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relayPageAmong } from '../core/relay-model.ts';
import { runId } from '../support/answers.ts';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

interface Listed {
  readonly run: {
    readonly list: {
      readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
      readonly pageInfo: object;
    };
  };
}

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** What is stored of a run: steps of which many share their time, with ids in no order, or messages of one part, or of two that the agent sent by a tool, whose returns are hidden. */
const drawn = fc
  .array(fc.tuple(fc.boolean(), fc.uuid({ version: 4 })), { maxLength: 300, size: 'max' })
  .map((rows) => {
    let second = 0;
    return rows.map(([isLater, uuid]) => ({
      created_at: at(isLater ? ++second : second),
      isDouble: isLater,
      uuid,
    }));
  });
type Stored = typeof drawn extends fc.Arbitrary<readonly (infer Row)[]> ? Row : never;

const LISTS = {
  steps: {
    fields: 'id index',
    insert: ({ store }: OpenGateway, run_id: string, rows: readonly Stored[]) =>
      store.steps.insert(
        rows.map(({ created_at, uuid }) => ({ id: `step-${uuid}`, run_id, agent_id: 'agent-1', created_at })),
      ),
    shown: (rows: readonly Stored[]) =>
      rows
        .toSorted((a, b) => (a.created_at + a.uuid < b.created_at + b.uuid ? -1 : 1))
        .map(({ uuid }, index) => ({ id: `step-${uuid}`, index })),
  },
  messages: {
    fields: 'id messageId',
    insert: ({ store }: OpenGateway, run_id: string, rows: readonly Stored[]) =>
      store.messages.insert(
        rows.flatMap(({ created_at, uuid, isDouble }) => {
          const id = `message-${uuid}`;
          const item = { id, message_type: 'assistant_message', step_id: null, content: 'x' } as const;
          const stored = { id, run_id, created_at, items: isDouble ? [item, item] : [item] };
          if (!isDouble) return [stored];
          const returned = { id: `${id}-r`, message_type: 'tool_return_message', step_id: null } as const;
          const items = [{ ...returned, tool_call_id: `call-${uuid}`, tool_return: 'sent' }];
          return [stored, { id: returned.id, run_id, created_at, items, omitted_with: id }];
        }),
      ),
    shown: (rows: readonly Stored[]) =>
      rows.flatMap(({ uuid, isDouble }) =>
        (isDouble ? [0, 1] : [0]).map((part) => ({
          id: `message-${uuid}:${part}`,
          messageId: `message-${uuid}`,
        })),
      ),
  },
};

/** A position in the list as a fraction of its length, given by its cursor or its id. */
const position = fc.option(
  fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), isId: fc.boolean() }),
  { nil: undefined },
);
const page = fc.record({
  way: fc.constantFrom('first', 'last'),
  size: fc.oneof(fc.nat(30), fc.constantFrom(199, 200, 201, 1000)),
  after: position,
  before: position,
});

describe.each([SELF_HOSTED[0], ...CLOUD])('Over $variant', (upstream) => {
  it.each(['steps', 'messages'] as const)(
    'pages of %s are those of the Relay specification',
    async (list) => {
      await using open = await openGateway({ ...upstream, agents: [] });
      const { fields, insert, shown } = LISTS[list];
      const query = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) {
      run(id: $id) {
        list: ${list}(first: $first, last: $last, after: $after, before: $before) {
          edges { cursor node { ${fields} } }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    }`;
      const read = async (args: object) => {
        const { data, errors } = await execute<Listed, object>(open.gateway, query, args);
        expect(errors).toBeUndefined();
        const { edges, pageInfo } = data!.run.list;
        const cursors = new Map(edges.map(({ cursor, node }) => [node.id, cursor]));
        return { cursors, page: { rows: edges.map(({ node }) => node), ...pageInfo } };
      };
      let count = 0;
      const pages = fc.array(page, { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(drawn, pages, async (rows, asked) => {
          const id = runId(++count);
          open.store.insert([{ id, agent_id: 'agent-1', created_at: at(0) }]);
          insert(open, id, rows);
          const all: readonly { readonly id: string }[] = shown(rows);
          const { cursors } = await read({ id, first: 1000 });
          for (const { way, size, after, before } of asked) {
            const nodeAt = (place: typeof after) => place && all[Math.floor(place.at * all.length)];
            const textOf = (place: typeof after) => {
              const node = nodeAt(place);
              return node && (place?.isId ? node.id : cursors.get(node.id));
            };
            const args = { id, [way]: size, after: textOf(after), before: textOf(before) };
            // oxlint-disable-next-line no-await-in-loop -- One page after the other.
            expect((await read(args)).page).toEqual(
              relayPageAmong(all, () => true, { [way]: size, after: nodeAt(after), before: nodeAt(before) }),
            );
          }
        }),
        { numRuns: propertyRuns(10) },
      );
    },
  );
});

it.each([
  [SELF_HOSTED[0], 500, 'served'],
  [CLOUD[0], 150, 'served'],
  [CLOUD[0], 500, 'UPSTREAM_UNSUPPORTED'],
  [SELF_HOSTED[0], 0, 'served'],
])(
  'Messages of a run that returns one type are all that the API shows, or an error: $variant, %i',
  async (upstream, count, code) => {
    const request_config = { include_return_message_types: ['user_message'] };
    const run = { id: runId(0), agent_id: 'agent-1', created_at: at(0), request_config };
    await using open = await openGateway({ ...upstream, runs: [run], agents: [] });
    const types = ['user_message', 'assistant_message'] as const;
    const ids = Array.from({ length: count }, (_, index) => `message-${index}`);
    open.store.messages.insert(
      ids.map((id, index) => {
        const item = { id, message_type: types[index % 2] ?? types[0], step_id: null, content: '' };
        return { id, run_id: run.id, created_at: at(0), items: [item] };
      }),
    );
    const query = `{ run(id: "${run.id}") { messages(first: 1000) { nodes { messageId } } } }`;
    const { data, errors } = await execute<unknown, object>(open.gateway, query);
    expect(errors?.[0]?.extensions?.['code'] ?? 'served').toBe(code);
    const nodes = ids.filter((_id, index) => index % 2 === 0).map((messageId) => ({ messageId }));
    expect(data).toEqual({ run: { messages: code === 'served' ? { nodes } : null } });
  },
);
