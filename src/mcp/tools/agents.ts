import * as z from 'zod';
import { MAX_SEARCHED_TEXT } from '../../runs/limits.ts';
import { AGENTS } from '../documents.ts';
import { listOf, order, ORDERS, paging, tool } from '../tool.ts';

export const findAgents = tool({
  name: 'find_agents',
  description:
    'Find agents by a part of their name, with how the last run of each ended, for the agentId of other tools. Not needed for an agent that a row of a run has.',
  input: z.strictObject({
    search: z.string().min(1).max(MAX_SEARCHED_TEXT).optional().describe('Part of the name, in any case'),
    order,
    ...paging,
  }),
  showsRuns: true,
  document: AGENTS,
  variables: ({ search, order: by, limit, cursor }) => ({
    search,
    order: ORDERS[by],
    first: limit,
    after: cursor,
  }),
  result({ agents }, { cursor }) {
    const rows = agents?.nodes.map(({ runs, ...agent }) => ({
      ...agent,
      lastRun: runs && (runs.nodes[0] ?? 'none'),
    }));
    return { list: listOf('agents', rows, agents?.pageInfo.hasNextPage, { cursor }) };
  },
});
