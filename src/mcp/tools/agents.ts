import * as z from 'zod';
import { MAX_SEARCHED_TEXT } from '../../runs/limits.ts';
import { AGENTS } from '../documents.ts';
import { listOf, paging, tool } from '../tool.ts';

export const findAgents = tool({
  name: 'find_agents',
  description:
    'Find agents by a part of their name, newest first, for the agentId of other tools. Not needed for an agent that a row of a run has.',
  input: z.strictObject({
    search: z.string().min(1).max(MAX_SEARCHED_TEXT).optional().describe('Part of the name, in any case'),
    ...paging,
  }),
  document: AGENTS,
  variables: ({ search, limit, cursor }) => ({ search, first: limit, after: cursor }),
  answer: ({ agents }) => ({ list: listOf('agents', agents?.nodes, agents?.pageInfo.hasNextPage) }),
});
