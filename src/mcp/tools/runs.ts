import * as z from 'zod';
import { enumValues } from '../../runs/run-enums.ts';
import { EXPLAIN_RUN, LIST_RUNS, type Row, type Step, WAIT } from '../documents.ts';
import { ageOf, instant, instantOf, secondsOf } from '../times.ts';
import { agentId, cursor, limit, restOf, runId, tool, ToolError } from '../tool.ts';

const STATES = {
  failed: ['FAILED', 'CUT_SHORT'],
  unfinished: ['UNFINISHED'],
  paused: ['PAUSED'],
  cancelled: ['CANCELLED'],
  succeeded: ['SUCCEEDED'],
} as const;
const STOP_REASONS = enumValues('stop_reason').map((value) => value.toUpperCase());
type StopReasons = Parameters<NonNullable<(typeof LIST_RUNS)['types']>>[0]['stopReasons'];
/** The steps that are looked at, the newest. */
const MAX_STEPS = 200;

export const listRuns = tool({
  name: 'list_runs',
  title: 'List runs',
  description:
    'Find runs, newest first: what failed lately and why, what still runs or is stuck (state unfinished, and its age). Each row has id, state, age, seconds, agent and, of a failure, why.',
  input: z.strictObject({
    state: z.enum(['failed', 'unfinished', 'paused', 'cancelled', 'succeeded']).optional(),
    stopReasons: z.array(z.enum(STOP_REASONS)).min(1).optional(),
    agentId: agentId.optional(),
    conversationId: z.string().min(1).max(200).optional(),
    since: instant.optional().describe('Created since: 24h, 7d, or a date'),
    minSeconds: z.number().min(0).max(1e6).optional().describe('Took at least this long'),
    limit,
    cursor: cursor.optional(),
  }),
  document: LIST_RUNS,
  variables: ({ state, stopReasons, since, minSeconds, limit: first, cursor: after, ...filters }, now) => ({
    ...filters,
    first,
    after,
    outcomes: state && [...STATES[state]],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The values of the same table.
    stopReasons: stopReasons as StopReasons,
    createdAfter: instantOf(since, now),
    minDurationNs: minSeconds === undefined ? null : Math.round(minSeconds * 1e9),
  }),
  answer({ runs }, _args, { now, page }) {
    const { nodes = [], pageInfo } = runs ?? {};
    const rest = (shown: readonly object[]) => {
      const isAll = shown.length === nodes.length && pageInfo?.hasNextPage !== true;
      return restOf(isAll ? undefined : nodes[shown.length - 1]?.id);
    };
    return {
      facts: { page: page() },
      list: { name: 'runs', items: nodes.map((run) => rowOf(run, now)), rest },
    };
  },
});

export const explainRun = tool({
  name: 'explain_run',
  title: 'Explain a run',
  description:
    'Why did this run fail, where does it hang, or what does it wait for? Gives the error, the last error of a tool, cost, and the steps with the tools they called; equal steps in a row are one, so "36-134" is a loop. Call this before read_messages.',
  input: z.strictObject({ runId }),
  document: EXPLAIN_RUN,
  variables: ({ runId: id }) => ({ id, steps: MAX_STEPS }),
  answer({ run }, { runId: id }, { now, page }) {
    const found = known(run, id);
    const { failure, approval, usage, cost, steps, messages } = found;
    const calls = approval?.toolCalls.map(({ toolCallId, ...call }) => ({ id: toolCallId, ...call }));
    return {
      facts: {
        ...rowOf(found, now),
        why: failure && {
          message: failure.message,
          code: failure.code,
          from: failure.source,
          step: failure.step?.index,
          errorType: failure.step?.errorType,
          toolError: failure.toolError,
        },
        conversationId: found.conversationId,
        lastMessageAge: ageOf(messages?.nodes[0]?.date, now),
        pause: approval && {
          state: approval.state,
          age: ageOf(approval.requestedAt, now),
          calls,
          answeredBy: approval.answeredBy?.id,
        },
        tokens: usage?.totalTokens,
        stepCount: usage?.stepCount,
        cost,
        page: page(id),
      },
      list: {
        name: 'steps',
        items: groupSteps(steps?.nodes ?? []),
        keepsEnd: true,
        rest: (shown) =>
          steps?.pageInfo.hasPreviousPage === false && shown.length === groupSteps(steps.nodes).length
            ? 'These are all steps.'
            : 'Earlier steps are left out.',
      },
    };
  },
});

export const waitForRun = tool({
  name: 'wait_for_run',
  title: 'Wait for a run',
  description:
    'Wait until a run has ended or paused, at most 50 seconds, then get its row. If it still is UNFINISHED, call again. Use it instead of asking in a loop.',
  input: z.strictObject({ runId, seconds: z.number().min(1).max(50).default(50) }),
  document: WAIT,
  variables: ({ runId: id }) => ({ id }),
  waits: {
    milliseconds: ({ seconds }) => seconds * 1000,
    isOver: ({ runUpdates }) => runUpdates?.outcome !== 'UNFINISHED',
  },
  answer({ runUpdates }, { runId: id }, { now, page }) {
    const run = known(runUpdates, id);
    const next = run.outcome === 'UNFINISHED' ? 'It has not ended yet: call again.' : null;
    return { facts: { ...rowOf(run, now), next, page: page(id) } };
  },
});

/** @throws ToolError if there is no such run */
export function known<Run>(run: Run | null | undefined, id: string): Run {
  if (run) return run;
  throw new ToolError(`runId: there is no run ${JSON.stringify(id)} that you can see; list_runs finds ids.`);
}

function rowOf(run: Row, now: number) {
  return {
    id: run.id,
    state: run.outcome,
    stopReason: run.stopReason,
    age: ageOf(run.createdAt, now),
    seconds: secondsOf(run.totalDurationNs),
    agent: run.agent?.name,
    agentId: run.agentId,
    why: run.failure?.message,
  };
}

/** Makes one of equal steps in a row. */
function groupSteps(steps: readonly Step[]): readonly object[] {
  const groups: { readonly key: string; readonly first: Step; last: Step; tokens: number }[] = [];
  for (const step of steps) {
    const { index: _index, totalTokens, ...what } = step;
    const key = JSON.stringify(what);
    const group = groups.at(-1);
    if (group?.key !== key) groups.push({ key, first: step, last: step, tokens: totalTokens ?? 0 });
    else [group.last, group.tokens] = [step, group.tokens + (totalTokens ?? 0)];
  }
  return groups.map(({ first, last, tokens }) => ({
    steps: first === last ? `${first.index}` : `${first.index}-${last.index}`,
    tools: first.toolNames ?? 'not known',
    status: first.status,
    stopReason: first.stopReason,
    errorType: first.errorType,
    model: first.model,
    tokens,
  }));
}
