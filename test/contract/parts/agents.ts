import { beforeAll, describe, expect, test } from 'vitest';
import { AGENT_FIELDS } from '../../../src/runs/agent-fields.ts';
import { STOP_REASONS } from '../../support/run-fields.ts';
import type { Given } from '../observe.ts';
import { known } from '../releases.ts';
import { idsOf, pathOf, type Query } from '../target.ts';

/** The keys that are read, of which older servers lack some. */
const AGENT_KEYS = ['id', ...Object.values(AGENT_FIELDS).map(({ wire }) => wire)];

/** An agent as it is sent, as far as it is looked at here. */
interface WireAgent extends Readonly<Record<'id' | 'name', string>> {
  readonly tags: readonly string[];
  readonly tools: readonly { readonly id: string }[];
  readonly created_at: string | null;
  readonly last_stop_reason: string | null;
  readonly hidden: boolean | null;
}

export function describeAgents(given: Given): void {
  describe('agents', () => {
    let all: readonly WireAgent[] = [];
    const list = (query: Query) => given().client.list<WireAgent>(pathOf('/v1/agents/', query));
    const ids = async (query: Query) => idsOf(await list(query));
    beforeAll(async () => {
      all = await list({ limit: given().target.profile === 'cloud' ? 200 : 0 });
    });

    test('every agent has the keys that are read of it, and enum values that are known', () => {
      for (const agent of all) {
        expect(Object.keys(agent)).toEqual(expect.arrayContaining([...known(given(), 'agent.', AGENT_KEYS)]));
        expect([...STOP_REASONS, null]).toContain(agent.last_stop_reason ?? null);
        expect(agent.hidden).not.toBe(true);
      }
    });

    describe.each(['desc', 'asc'] as const)('their list (%s)', (order) => {
      test('begins with the newest or the oldest, and keeps a limit, which is 50 where there is none', async () => {
        const sorted = idsOf(sortAgents(all, order));
        for (const limit of [1, 2, 50]) expect(await ids({ order, limit })).toEqual(sorted.slice(0, limit));
        expect(await ids({ order })).toEqual(sorted.slice(0, 50));
      });

      test('has cursors as documented', async () => {
        const sorted = idsOf(sortAgents(all, order));
        for (const at of [0, 1, Math.floor(sorted.length / 2), sorted.length - 1]) {
          expect(await ids({ order, after: sorted[at], limit: 3 })).toEqual(sorted.slice(at + 1, at + 4));
          // From the top of the list, not next to the cursor.
          const before = await ids({ order, before: sorted[at], limit: 3 });
          expect(before).toEqual(sorted.slice(0, Math.min(at, 3)));
        }
        // That of an agent which is gone is ignored.
        const after = 'agent-ffffffff-ffff-4fff-bfff-ffffffffffff';
        expect(await ids({ order, after, limit: 3 })).toEqual(sorted.slice(0, 3));
      });
    });

    test('name, query_text and tags are filters', async () => {
      for (const { name, tags } of all.slice(0, 5)) {
        const where = (matches: (agent: WireAgent) => boolean) => idsOf(all.filter(matches));
        expect(await ids({ name })).toEqual(where((agent) => agent.name === name));
        expect(await ids({ name: `${name} ` })).toEqual([]);
        const part = name.slice(0, 3).toUpperCase();
        // In it, % and _ are wildcards.
        const query_text = part.replaceAll(/[%_\\]/g, String.raw`\$&`);
        expect(await ids({ query_text })).toEqual(where((agent) => agent.name.toUpperCase().includes(part)));
        expect(await ids({ query_text: `${name.slice(0, 1)}%${name.slice(1)}` })).not.toEqual([]);
        if (tags.length === 0) continue;
        const some = (agent: WireAgent) => tags.some((tag) => agent.tags.includes(tag));
        expect(await ids({ tags: [...tags, 'nobody has this'] })).toEqual(where(some));
      }
    });

    test('one agent is the row of the list', async () => {
      for (const agent of all.slice(0, 5)) {
        const { status, body } = await given().client.ask(`/v1/agents/${agent.id}`);
        expect(status).toBe(200);
        expect(inOrder(body as WireAgent)).toEqual(inOrder(agent));
      }
    });

    test('the agents of runs exist, hidden ones too', async (context) => {
      const shown = new Set(idsOf(all));
      const owners = [...new Set(given().heads.desc.rows.map(({ agent_id }) => agent_id))];
      context.skip(owners.length === 0, 'there are no runs');
      for (const id of [...owners.slice(0, 5), ...owners.filter((owner) => !shown.has(owner)).slice(0, 5)])
        expect((await given().client.get(`/v1/agents/${id}`)).status).toBe(200);
    });
  });
}

/** By the time of creation, nulls last in both orders, then by id. */
function sortAgents(agents: readonly WireAgent[], order: 'asc' | 'desc'): readonly WireAgent[] {
  const sign = order === 'asc' ? 1 : -1;
  // The same fraction for all, so that instants compare as texts.
  const keyOf = ({ created_at, id }: WireAgent) => `${created_at?.replace(/^(.{19})Z$/, '$1.000000Z')} ${id}`;
  return agents.toSorted((a, b) => {
    if ((a.created_at === null) !== (b.created_at === null)) return a.created_at === null ? 1 : -1;
    return keyOf(a) < keyOf(b) ? -sign : sign;
  });
}

/** The rest of an agent: its tags and tools have no order. */
function inOrder(agent: WireAgent): object {
  return { ...agent, tags: agent.tags.toSorted(), tools: idsOf(agent.tools).toSorted() };
}
