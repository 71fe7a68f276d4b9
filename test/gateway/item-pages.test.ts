import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { callKeys, itemOf, returnKeys, toolCall } from '../../embedded-api/model/items.ts';
import type { WireItem } from '../../embedded-api/model/rows.ts';
import type { RunStore } from '../../embedded-api/store/store.ts';
import { runId } from '../support/answers.ts';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';
import { CLOUD, SELF_HOSTED } from '../support/upstream-variants.ts';

interface Node {
  readonly id: string;
}
interface Listed {
  readonly run: {
    readonly list: {
      readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
      readonly pageInfo: object;
    };
  };
}

/** What happened in a run, of which some can be stored, and the rest later. */
interface Growing {
  readonly length: number;
  readonly insert: (store: RunStore, from: number, to: number) => void;
  /** What the list shows of the first so many. */
  readonly shown: (count: number) => readonly Node[];
}

const text = (number: number): string => String(number).padStart(12, '0');
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** Steps of which many share their time, with ids in no order. */
const steps =
  (drawn: readonly (readonly [isLater: boolean, uuid: string])[]) =>
  (run_id: string): Growing => {
    let second = 0;
    const rows = drawn.map(([isLater, uuid]) => {
      if (isLater) second++;
      return { id: `step-${uuid}`, run_id, agent_id: 'agent-1', created_at: at(second) };
    });
    return {
      length: rows.length,
      insert: (store, from, to) => store.steps.insert(rows.slice(from, to)),
      shown: (count) =>
        rows
          .slice(0, count)
          .toSorted((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1))
          .map(({ id }, index) => ({ id, index })),
    };
  };

type Part = readonly [type: WireItem['message_type'], keys: object];
const thought: Part = ['reasoning_message', { source: 'reasoner_model', reasoning: '…' }];
const result = (id: string): Part => ['tool_return_message', returnKeys([[id, { tool_return: 'done' }]])];

/** The stored messages of a turn, each with its items. */
function storedOf(turn: string, number: number): readonly (readonly Part[])[] {
  const call = toolCall(`call-${number}`, { name: 'search', arguments: {} });
  if (turn === 'user') return [[['user_message', { content: 'hi' }]]];
  if (turn === 'call')
    return [[thought, ['tool_call_message', callKeys([call])]], [result(`call-${number}`)]];
  return [[thought, ['assistant_message', { content: 'hello' }]], [result(`sent-${number}`)]];
}

/** Turns of an agent; what `send_message` returns isn't sent beside its call. */
const messages =
  (turns: readonly string[]) =>
  (run_id: string): Growing => {
    const idOf = (index: number): string => `message-${text(index).slice(-8)}${run_id.slice(12)}`;
    const rows = turns
      .flatMap((turn, number) =>
        storedOf(turn, number).map((parts, nth) => ({ parts, isOmitted: turn === 'send' && nth === 1 })),
      )
      .map(({ parts, isOmitted }, index) => {
        const shared = { id: idOf(index), run_id, created_at: at(0) };
        const items = parts.map(([type, keys], nth) =>
          itemOf({ ...shared, step_id: null }, type, `${shared.id}-${nth}`, keys),
        );
        return { ...shared, items, ...(isOmitted && { omitted_with: idOf(index - 1) }) };
      });
    return {
      length: rows.length,
      insert: (store, from, to) => store.messages.insert(rows.slice(from, to)),
      shown: (count) =>
        rows
          .slice(0, count)
          .filter((row) => !('omitted_with' in row))
          .flatMap(({ id, items }) => items.map((_item, nth) => ({ id: `${id}:${nth}`, messageId: id }))),
    };
  };

const LISTS: Readonly<Record<string, { drawn: fc.Arbitrary<(run_id: string) => Growing>; fields: string }>> =
  {
    steps: {
      drawn: fc.array(fc.tuple(fc.boolean(), fc.uuid()), { maxLength: 300, size: 'max' }).map(steps),
      fields: 'id index',
    },
    messages: {
      drawn: fc.array(fc.constantFrom('user', 'call', 'send'), { maxLength: 150, size: 'max' }).map(messages),
      fields: 'id messageId',
    },
  };

/** A position in the list as a fraction of its length. */
const position = fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined });
const page = fc.record({
  /** How much of the run has happened, in percent. */
  grown: fc.nat(100),
  way: fc.constantFrom('first', 'last'),
  size: fc.oneof(fc.nat(30), fc.nat(1000), fc.constantFrom(199, 200, 201, 1000)),
  after: position,
  before: position,
});

describe.each([SELF_HOSTED[0], ...CLOUD])('Over $variant', (upstream) => {
  let open: OpenGateway;
  let count = 0;
  beforeAll(async () => {
    open = await openGateway({ ...upstream, agents: [] });
    return () => open[Symbol.asyncDispose]();
  });

  it.each(Object.entries(LISTS))(
    'random pages of %s are those of the whole list while the run grows, and cursors stay',
    async (list, { fields, drawn }) => {
      const query = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) {
        run(id: $id) {
          list: ${list}(first: $first, last: $last, after: $after, before: $before) {
            edges { cursor node { ${fields} } }
            pageInfo { hasNextPage hasPreviousPage }
          }
        }
      }`;
      const pages = fc.array(page, { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(drawn, pages, async (growingOf, asked) => {
          const id = runId(++count);
          const growing = growingOf(id);
          open.store.insert([{ id, agent_id: 'agent-1', created_at: at(0) }]);
          const cursors = new Map<string, string>();
          let stored = 0;
          for (const { grown, way, size, ...positions } of asked.toSorted((a, b) => a.grown - b.grown)) {
            const length = Math.ceil((grown / 100) * growing.length);
            growing.insert(open.store, stored, length);
            stored = length;
            const all = growing.shown(length);
            const [after, before] = [positions.after, positions.before].map((part) =>
              part === undefined ? undefined : all[Math.floor(part * all.length)],
            );
            const { rows, ...pageInfo } = relayPage(all, () => true, { [way]: size, after, before });
            // The cursor of an earlier page, when the run was shorter, or else the id.
            const cursorOf = (node: Node | undefined) => node && (cursors.get(node.id) ?? node.id);
            // oxlint-disable-next-line no-await-in-loop -- The run grows from page to page.
            const { data, errors } = await execute<Listed, object>(open.gateway, query, {
              id,
              [way]: size,
              after: cursorOf(after),
              before: cursorOf(before),
            });
            expect(errors).toBeUndefined();
            const { edges, pageInfo: flags } = data!.run.list;
            expect(edges.map(({ node }) => node)).toEqual(rows);
            expect(flags).toEqual(pageInfo);
            for (const { cursor, node } of edges) {
              expect(cursors.get(node.id) ?? cursor).toBe(cursor);
              cursors.set(node.id, cursor);
            }
          }
        }),
        { numRuns: propertyRuns(12) },
      );
    },
  );
});

it.each([
  [SELF_HOSTED[0], { run: { messages: { nodes: [{ messageType: 'ASSISTANT_MESSAGE' }] } } }, undefined],
  [CLOUD[2], { run: { messages: null } }, 'UPSTREAM_UNSUPPORTED'],
])(
  'Messages of which a run chose some types are all of them, or an error where no page tells: $0.variant',
  async (upstream, data, code) => {
    const request_config = { include_return_message_types: ['assistant_message'] };
    const run = { id: runId(1), agent_id: 'agent-1', created_at: at(0), request_config };
    await using open = await openGateway({ ...upstream, runs: [run] });
    const others = Array.from({ length: 120 }, () => 'user');
    const growing = messages([...others, 'send', ...others])(run.id);
    growing.insert(open.store, 0, growing.length);
    const answer = await execute(
      open.gateway,
      `{ run(id: "${run.id}") { messages(first: 1000) { nodes { messageType } } } }`,
    );
    expect(answer.data).toEqual(data);
    expect(answer.errors?.[0]?.extensions?.['code']).toBe(code);
  },
);
