import * as z from 'zod';
import { enumValues } from '../../runs/run-enums.ts';
import { EXPLAIN_RUN, LIST_RUNS, type Row, type Step, WAIT } from '../documents.ts';
import { contextOf, lastOf } from '../run-context.ts';
import { checkPeriod, instant, periodOf, timezone } from '../times.ts';
import { agentId, conversationId, listOf, namedIn, order, ORDERS, paging, runId, tool } from '../tool.ts';

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
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- GraphQL has these values in upper case.
const STOP_REASONS = enumValues('stop_reason').map((value) => value.toUpperCase() as Uppercase<typeof value>);
/** The ids of default conversations begin with this, and go on with the id of the agent. */
const DEFAULT = 'default-';
/** The steps that are looked at, the newest. */
const MAX_STEPS = 200;

export const listRuns = tool({
  name: 'list_runs',
  description:
    'Find runs: what failed or was cut short lately and why (state failed), what runs, or is stuck (state unfinished, until 1h). Each row has id, state, age, seconds, agent and, of a failure, why with its code. Unfinished ones have the count of steps and the last message: without any, a run is a leftover that never began.',
  input: z
    .strictObject({
      state: z.enum(STATE_NAMES).optional(),
      stopReasons: z
        .array(z.enum(STOP_REASONS))
        .min(1)
        .optional()
        .describe('Often missing: prefer state failed'),
      agentId: agentId.optional(),
      conversationId: conversationId.optional(),
      since: instant.optional().describe('Created since: 24h, 7d, or a date'),
      until: instant.optional().describe('Created before'),
      timezone: timezone.describe('Of dates'),
      minSeconds: z.number().min(0).max(1e6).optional().describe('Took at least this long'),
      order,
      ...paging,
    })
    .check(checkPeriod),
  showsRuns: true,
  document: LIST_RUNS,
  variables: ({ state, stopReasons, minSeconds, limit, cursor, ...args }, now) => ({
    stopReasons,
    ...ofConversation(args),
    first: limit,
    after: cursor,
    order: ORDERS[args.order],
    outcomes: state && STATES[state],
    createdAfter: periodOf(args, now).since,
    createdBefore: periodOf(args, now).until,
    minDurationNs: minSeconds && Math.round(minSeconds * 1e9),
    isUnfinished: state === 'unfinished',
    named: namedIn(args),
  }),
  result({ runs }, { cursor }) {
    return { list: listOf('runs', runs?.nodes.map(rowOf), runs?.pageInfo.hasNextPage, { cursor }) };
  },
});

export const explainRun = tool({
  name: 'explain_run',
  description:
    'Why did this run fail, where does it hang, or what does it wait for? Gives the error, the last error of a tool, cost, and the steps with the tools they called; equal steps in a row are one, so "36-134" is a loop. Call this before read_messages.',
  input: z.strictObject({ runId }),
  document: EXPLAIN_RUN,
  variables: (args) => ({ id: args.runId, steps: MAX_STEPS }),
  result({ run }) {
    if (run === null) return {};
    const { steps, why, usage, requestConfig: _config, turn: _turn, lastMessage, ...facts } = run;
    const failed = why?.step;
    const failure = why && {
      ...why,
      step: failed && { step: numberOf(failed.index), errorType: failed.errorType },
    };
    const items = groupSteps(steps?.nodes ?? []);
    const hasAll = steps?.pageInfo.hasPreviousPage === false;
    const rest = (shown: number): string => {
      if (steps == null) return 'They could not be read.';
      return hasAll && shown === items.length ? 'These are all steps.' : 'Earlier steps are left out.';
    };
    const list = { name: 'steps', items, keepsEnd: true, rest };
    return {
      facts: { ...facts, why: failure, usage, lastMessage: lastOf(lastMessage), ...contextOf(run) },
      list,
    };
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
  result: ({ runUpdates }) => ({
    facts: {
      ...(runUpdates && rowOf(runUpdates)),
      next: runUpdates?.state === 'UNFINISHED' ? 'It has not ended yet: call again.' : null,
    },
  }),
});

/** Returns the filters for a conversation. The default one has no id in the runs API, and is that of its agent. */
function ofConversation({ agentId: agent, conversationId: id }: Parameters<typeof namedIn>[0]) {
  const owner = id?.startsWith(DEFAULT) === true ? id.slice(DEFAULT.length) : undefined;
  if (owner === undefined || (agent ?? owner) !== owner) return { agentId: agent, conversationId: id };
  return { agentId: owner, inDefaultConversation: true };
}

/** Returns a row, with what its run has done so far, if that was read. */
function rowOf({ usage, lastMessage, ...row }: Row) {
  return { ...row, stepCount: usage?.stepCount, lastMessage: lastOf(lastMessage) };
}

/** Returns the number of a step as people count. */
function numberOf(index: number | null): number | null {
  return index === null ? null : index + 1;
}

/** Merges equal steps that follow one another. */
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
    steps: index === last.index ? `${numberOf(index)}` : `${numberOf(index)}-${numberOf(last.index)}`,
    ...what,
    tools: what.tools ?? 'not known',
    tokens,
  }));
}
