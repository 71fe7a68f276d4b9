import * as z from 'zod';
import { AGENTS } from '../documents.ts';
import { ageOf } from '../times.ts';
import { cursor, limit, restOf, tool } from '../tool.ts';

export const findAgents = tool({
  name: 'find_agents',
  title: 'Find agents',
  description:
    'Find agents by a part of their name, newest first, for the agentId of other tools. Not needed for an agentId that a row of a run has.',
  input: z.strictObject({
    search: z.string().min(1).max(200).optional().describe('Part of the name, in any case'),
    limit,
    cursor: cursor.optional(),
  }),
  document: AGENTS,
  variables: ({ search, limit: first, cursor: after }) => ({ first, after, search }),
  answer({ agents }, _args, { now }) {
    const { nodes = [], pageInfo } = agents ?? {};
    const items = nodes.map(({ lastRunCompletedAt, ...agent }) => ({
      ...agent,
      lastRunAge: ageOf(lastRunCompletedAt, now),
    }));
    const rest = (shown: readonly object[]) => {
      const isAll = shown.length === nodes.length && pageInfo?.hasNextPage !== true;
      return restOf(isAll ? undefined : nodes[shown.length - 1]?.id);
    };
    return { facts: {}, list: { name: 'agents', items, rest } };
  },
});
