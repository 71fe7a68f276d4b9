import * as fc from 'fast-check';
import { enumValues } from '../../src/runs/run-enums.ts';
import type { ExactPageQuery, ExactPageQueryVariables, RunStatus, StopReason } from '../gql/graphql.ts';
import { AGENT_IDS, CONVERSATION_IDS, type RandomRun } from './random-runs.ts';

const RUN_STATUSES = enumValues('status');
const STOP_REASONS = enumValues('stop_reason');

type Node = NonNullable<ExactPageQuery['runs']>['edges'][number]['node'];

/** A run as the schema should show it, written down a second time and in another way. */
export function expectedNode(run: RandomRun): Node {
  const config = run.request_config;
  const upper = (text: string | null) => text?.toUpperCase() ?? null;
  return {
    id: run.id,
    agentId: run.agent_id,
    agent: { id: run.agent_id },
    background: run.background,
    baseTemplateId: run.base_template_id,
    callbackError: run.callback_error,
    callbackSentAt: run.callback_sent_at,
    callbackStatusCode: run.callback_status_code,
    callbackUrl: run.callback_url,
    completedAt: run.completed_at,
    conversationId: run.conversation_id,
    createdAt: run.created_at,
    metadata: run.metadata,
    requestConfig: config && {
      assistantMessageToolKwarg: (config['assistant_message_tool_kwarg'] as string) ?? 'message',
      assistantMessageToolName: (config['assistant_message_tool_name'] as string) ?? 'send_message',
      includeReturnMessageTypes:
        (config['include_return_message_types'] as string[] | null)?.map((text) => upper(text) as never) ??
        null,
      useAssistantMessage: (config['use_assistant_message'] as boolean) ?? true,
    },
    status: upper(run.status) as RunStatus,
    rawStatus: run.status,
    stopReason: upper(run.stop_reason) as StopReason | null,
    rawStopReason: run.stop_reason,
    totalDurationNs: run.run_ns ?? run.total_duration_ns,
    ttftNs: run.ttft_ns,
  };
}

/** Oldest first; instants as whole microseconds, so that nothing hangs on how they are written. */
export function sortKey(run: RandomRun): string {
  const fraction = /\.(\d{6})Z$/.exec(run.created_at)?.[1] ?? '000000';
  const seconds = Date.parse(run.created_at.replace(/\.\d+/, '')) / 1000;
  return `${String(BigInt(seconds) * 1_000_000n + BigInt(fraction)).padStart(20, '0')} ${run.id}`;
}

/** The filter arguments of `runs`. */
export type Filters = Omit<ExactPageQueryVariables, 'first' | 'last' | 'after' | 'before' | 'order'>;

/** Which runs a connection with these filters holds, as the documentation has it. */

export function matches(run: RandomRun, filters: Filters): boolean {
  const is = (wanted: unknown, actual: unknown) => wanted == null || wanted === actual;
  const lower = (text: string) => text.toLowerCase();
  const oneOf = (wanted: readonly string[] | null | undefined, actual: string) =>
    wanted == null || wanted.includes(actual);
  return (
    (filters.active !== true || ['created', 'running'].includes(run.status)) &&
    is(filters.agentId, run.agent_id) &&
    oneOf(filters.agentIds as string[], run.agent_id) &&
    is(filters.background, run.background) &&
    is(filters.conversationId, run.conversation_id) &&
    oneOf((filters.statuses as string[] | undefined)?.map(lower), run.status) &&
    is(filters.stopReason?.toLowerCase(), run.stop_reason)
  );
}

const upperCase = <T extends string>(texts: readonly T[]) =>
  texts.map((text) => text.toUpperCase() as Uppercase<T>);
const filters: fc.Arbitrary<Filters> = fc
  .record(
    {
      status: fc.oneof(
        fc.record({ active: fc.boolean() }),
        fc.subarray(upperCase(RUN_STATUSES), { minLength: 1 }).map((statuses) => ({ statuses })),
      ),
      agent: fc.oneof(
        fc.constantFrom(...AGENT_IDS).map((agentId) => ({ agentId })),
        fc.subarray(AGENT_IDS, { minLength: 1 }).map((agentIds) => ({ agentIds })),
      ),
      background: fc.boolean().map((background) => ({ background })),
      conversation: fc.constantFrom(...CONVERSATION_IDS).map((conversationId) => ({ conversationId })),
      stopReason: fc.constantFrom(...upperCase(STOP_REASONS)).map((stopReason) => ({ stopReason })),
    },
    { requiredKeys: [] },
  )
  .map((parts) => Object.assign({}, ...Object.values(parts)) as Filters);

/** Mostly no or one filter: all five at once leave no rows to page through. */
export const randomFilters = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Filters>({}) },
  { weight: 3, arbitrary: filters.filter((set) => Object.keys(set).length <= 1) },
  { weight: 1, arbitrary: filters },
);
