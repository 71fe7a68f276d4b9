import * as z from 'zod';
import { enumValues } from '../../runs/run-enums.ts';
import { EXPLAIN_RUN, LIST_RUNS, MESSAGES, type Step, WAIT } from '../documents.ts';
import { instant, instantOf } from '../times.ts';
import { agentId, conversationId, listOf, paging, runId, tool } from '../tool.ts';

/** The outcomes of each state that can be asked for. */
const STATES = {
  failed: ['FAILED', 'CUT_SHORT'],
  unfinished: ['UNFINISHED'],
  paused: ['PAUSED'],
  cancelled: ['CANCELLED'],
  succeeded: ['SUCCEEDED'],
} as const;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of a constant.
const STATE_NAMES = Object.keys(STATES) as (keyof typeof STATES)[];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- So GraphQL spells them.
const STOP_REASONS = enumValues('stop_reason').map((value) => value.toUpperCase() as Uppercase<typeof value>);
/** The steps that are looked at, the newest. */
const MAX_STEPS = 200;

export const listRuns = tool({
  name: 'list_runs',
  description:
    'Find runs, newest first: what failed or was cut short lately and why (state failed), what runs, or is stuck (state unfinished, until 1h). Each row has id, state, age, seconds, agent and, of a failure, why.',
  input: z.strictObject({
    state: z.enum(STATE_NAMES).optional(),
    stopReasons: z.array(z.enum(STOP_REASONS)).min(1).optional(),
    agentId: agentId.optional(),
    conversationId: conversationId.optional(),
    since: instant.optional().describe('Created since: 24h, 7d, or a date'),
    until: instant.optional().describe('Created before'),
    minSeconds: z.number().min(0).max(1e6).optional().describe('Took at least this long'),
    ...paging,
  }),
  document: LIST_RUNS,
  variables: ({ state, since, until, minSeconds, limit, cursor, ...filters }, now) => ({
    ...filters,
    first: limit,
    after: cursor,
    outcomes: state && STATES[state],
    createdAfter: instantOf(since, now),
    createdBefore: instantOf(until, now),
    minDurationNs: minSeconds && Math.round(minSeconds * 1e9),
  }),
  answer: ({ runs }) => ({ list: listOf('runs', runs?.nodes, runs?.pageInfo.hasNextPage) }),
});

export const explainRun = tool({
  name: 'explain_run',
  description:
    'Why did this run fail, where does it hang, or what does it wait for? Gives the error, the last error of a tool, cost, and the steps with the tools they called; equal steps in a row are one, so "36-134" is a loop. Call this before read_messages.',
  input: z.strictObject({ runId }),
  document: EXPLAIN_RUN,
  variables: (args) => ({ id: args.runId, steps: MAX_STEPS }),
  answer({ run }) {
    const { steps, messages, ...facts } = run ?? {};
    const items = groupSteps(steps?.nodes ?? []);
    const hasAll = steps?.pageInfo.hasPreviousPage === false;
    const rest = (shown: number): string => {
      if (steps == null) return 'They could not be read.';
      return hasAll && shown === items.length ? 'These are all steps.' : 'Earlier steps are left out.';
    };
    const list = { name: 'steps', items, keepsEnd: true, rest };
    return { facts: { ...facts, lastMessage: messages?.nodes[0] }, list };
  },
});

export const readMessages = tool({
  name: 'read_messages',
  description:
    'Read what was said in a run and which tools were called with what, oldest first: the last messages, or the first ones with from=start. Long texts are cut in the middle; a smaller limit shows more of each.',
  input: z.strictObject({ runId, from: z.enum(['end', 'start']).default('end'), ...paging }),
  document: MESSAGES,
  variables: ({ runId: id, from, limit, cursor }) =>
    from === 'end' ? { id, last: limit, before: cursor } : { id, first: limit, after: cursor },
  answer({ run }, { from }) {
    const { nodes, pageInfo } = run?.messages ?? {};
    const isEnd = from === 'end';
    const hasMore = isEnd ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage;
    const list = listOf('messages', nodes, hasMore, { keepsEnd: isEnd });
    const items = nodes?.map(({ id: _id, ...message }) => ({ ...message, isError: message.isError || null }));
    return { list: { ...list, items: items ?? [] } };
  },
});

export const waitForRun = tool({
  name: 'wait_for_run',
  description:
    'Wait until a run has ended or paused, at most 50 seconds, then get its row. If it still is UNFINISHED, call again. Use it instead of asking in a loop.',
  input: z.strictObject({ runId, seconds: z.number().min(1).max(50).default(50) }),
  document: WAIT,
  variables: (args) => ({ id: args.runId }),
  waits: {
    milliseconds: ({ seconds }) => seconds * 1000,
    hasCome: ({ runUpdates }) => runUpdates?.state !== 'UNFINISHED',
  },
  answer: ({ runUpdates }) => ({
    facts: {
      ...runUpdates,
      next: runUpdates?.state === 'UNFINISHED' ? 'It has not ended yet: call again.' : null,
    },
  }),
});

/** Makes one of equal steps in a row. */
function groupSteps(steps: readonly Step[]): readonly object[] {
  const groups: { key: string; first: Step; last: Step; tokens: number }[] = [];
  for (const step of steps) {
    const { index: _index, totalTokens: _tokens, ...what } = step;
    const key = JSON.stringify(what);
    const tokens = step.totalTokens ?? 0;
    const group = groups.at(-1);
    if (group?.key === key) [group.last, group.tokens] = [step, group.tokens + tokens];
    else groups.push({ key, first: step, last: step, tokens });
  }
  return groups.map(({ first: { index, totalTokens: _tokens, ...what }, last, tokens }) => ({
    steps: index === last.index ? `${index}` : `${index}-${last.index}`,
    ...what,
    tools: what.tools ?? 'not known',
    tokens,
  }));
}
