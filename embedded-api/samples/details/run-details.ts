import { answerOf, denialByCancel, type RequestItem } from '../../store/message-items.ts';
import type { NewMessage, Run, RunDetails, RunStore } from '../../store/run-store.ts';
import { isRequest, requestOf } from '../../store/stored-conversations.ts';
import { microsOf, timestampOf } from '../../store/timestamps.ts';
import { CLIENT_CALL } from '../requests.ts';
import { messagesOf, opening } from './messages.ts';
import { type Traits, traitsOfRun } from './run-traits.ts';
import { type Answer, endingOf, type Event, eventsOf } from './step-events.ts';

/** The average duration of a step of an unfinished run, in microseconds. */
const STEP_MICROS = 2_500_000;
/** The error of a failed run without an error in its metadata. */
const LOST = 'Connection to the worker was lost';

/** When the parts of a step happened, in microseconds since the epoch. */
export type StepTimes = Readonly<ReturnType<typeof timesOf>>;

/**
 * Makes what happened in a run, as its row says, in the order of the lists; and says when its steps ended, in
 * microseconds since the epoch. Steps follow each other without a gap. The same row always gives the same.
 * @param store has the runs whose requests this run answered or denied
 */
export function describeRun(run: Run, store: RunStore): RunDetails & { readonly ends: readonly number[] } {
  const traits = traitsOfRun(run);
  const { random } = traits;
  const events = eventsOf(traits, stepCount(traits));
  const weights = events.map(() => 0.5 + random.next());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const span = spanOf(run) ?? STEP_MICROS * events.length;
  // Not every server stores when a step started.
  const isStartKnown = random.chance(0.75);
  // A little is left at both ends.
  let start = microsOf(run.created_at) + Math.floor(span * 0.02);
  const request = run.answers === null ? undefined : requestOf(store, run.answers);
  const answer = request && answerTo(traits, request, events.length);
  const opened = timestampOf(start);
  const messages: NewMessage[] = answer?.messagesAt(opened) ?? [opening(traits, opened)];
  const ends: number[] = [];
  const steps = events.map((event, at) => {
    const end = start + Math.floor((span * 0.96 * (weights[at] ?? 0)) / total);
    const times = timesOf(traits, event, start, end);
    const id = traits.newId('step');
    const before = [...(answer?.kinds ?? []), ...events.slice(0, at)];
    messages.push(...messagesOf({ ...traits, id, at, before, times }, event));
    const row = stepRow(traits, at, at === events.length - 1);
    const created_at = timestampOf(start);
    const step_start_ns = isStartKnown ? BigInt(start) * 1000n : null;
    ends.push(end);
    start = end;
    // A step is measured when it has ended.
    const measured = row.status === 'pending' ? {} : { step_start_ns, ...metricsOf(times) };
    return { ...row, id, run_id: run.id, created_at, ...measured };
  });
  const own = messages.flatMap(({ items = [] }) => items).find(isRequest);
  const denied = run.denies === run.id ? own : requestOf(store, run.denies ?? '');
  if (denied) messages.push(...denialByCancel(traits, denied, run.completed_at ?? run.created_at));
  return { steps, messages, ends };
}

/** How a person or a client answered a request: a tool that was approved gives the agent more to do than a denial. */
function answerTo(traits: Traits, request: RequestItem, steps: number) {
  const { denial, calls, approved } = traits.scenario;
  const results = { [approved.name]: approved.result };
  const isOfClient = request.tool_calls[0]?.name === CLIENT_CALL.name;
  const approve = steps > 1 || traits.random.chance(0.5);
  const decision = { type: 'approval', approve, reason: approve ? null : denial } as const;
  const result = { type: 'tool', status: 'success', tool_return: calls[0].result } as const;
  const made = isOfClient ? result : decision;
  const decisions = request.tool_calls.map(({ tool_call_id }) => ({ ...made, tool_call_id }));
  const kinds: readonly Answer[] = [isOfClient ? 'returned' : approve ? 'approved' : 'denied'];
  return { kinds, messagesAt: (at: string) => answerOf(traits, request, at, decisions, {}, results) };
}

/** Returns the number of steps: by the metrics of the run, or a few where it has none or hasn't ended. */
function stepCount({ run, random }: Traits): number {
  if (run.status === 'created') return 0;
  if (run.status === 'running') return random.between(1, 4);
  return run.num_steps ?? random.between(1, 5);
}

/** Returns the duration of a run that has ended, in microseconds, by the shorter of two clocks. */
function spanOf({ created_at, completed_at, run_ns }: Run): number | undefined {
  if (completed_at === null) return undefined;
  const span = microsOf(completed_at) - microsOf(created_at);
  return run_ns === null ? span : Math.min(span, Math.floor(Number(run_ns) / 1000));
}

/** Older agents answer by a tool. */
function timesOf({ random, isAnswering }: Traits, event: Event, start: number, end: number) {
  const isReply = event === 'reply' || event === 'cut reply';
  const hasTools = isReply ? !isAnswering : /call$|look-up/.test(event);
  const isAsked = event === 'request';
  const until = (part: number): number => start + Math.floor((end - start) * part);
  const answered = hasTools ? 0.45 + 0.4 * random.next() : 0.93;
  return {
    start,
    /** The model asked for an approval; the same as `answered` unless a person had to decide. */
    asked: until(isAsked ? answered * 0.85 : answered),
    answered: until(answered),
    /** The tools returned; the same as `end` if none ran. */
    returned: hasTools ? until(answered + (1 - answered) * 0.85) : end,
    end,
  };
}

function metricsOf({ start, asked, answered, returned, end }: StepTimes) {
  return {
    llm_request_ns: (asked - start) * 1000,
    tool_execution_ns: returned === end ? null : (returned - answered) * 1000,
    step_ns: (end - start) * 1000,
  };
}

/** Makes the row of a step, without its times; the conversation, and with it the prompt, grows from step to step. */
function stepRow(
  { run, random, scenario, model, reasoning: way, failure }: Traits,
  at: number,
  isLast: boolean,
) {
  const { event, status, errorType } = endingOf(run);
  const hasUsage = !isLast || (event !== 'nothing' && status !== 'pending');
  const prompt = hasUsage ? 1_180 + at * random.between(180, 320) : 0;
  const completion = hasUsage ? random.between(18, 420) : 0;
  const cached = at > 0 && hasUsage && random.chance(0.7) ? Math.floor(prompt * 0.8) : null;
  const reasoning = hasUsage && way !== 'none' ? Math.floor(completion / 2) : null;
  return {
    organization_id: run.organization_id,
    agent_id: run.agent_id,
    provider_name: 'openai',
    provider_category: 'base',
    model,
    model_handle: `openai/${model}`,
    model_endpoint: 'https://api.openai.com/v1',
    context_window_limit: 128_000,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    cached_input_tokens: cached,
    reasoning_tokens: reasoning,
    stop_reason: !isLast ? null : run.asks === null ? run.stop_reason : 'requires_approval',
    tags: random.chance(0.1) ? ['reviewed', scenario.channel] : [],
    trace_id: random.uuid().replaceAll('-', ''),
    feedback: random.chance(0.03) ? random.pick(['positive', 'negative'] as const) : null,
    status: isLast ? status : 'success',
    error_type: isLast ? (errorType ?? null) : null,
    error_data: isLast && errorType !== undefined ? { message: failure ?? LOST } : null,
  };
}
