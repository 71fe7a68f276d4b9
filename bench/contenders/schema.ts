import SchemaBuilder from '@pothos/core';
import RelayPlugin, { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay';
import { getByFetch, readRuns, type WireRun } from './wire-runs.ts';

/** A Pothos schema with its relay plugin, as their documentation shows it. */
const builder = new SchemaBuilder<{ Scalars: { JSON: { Input: never; Output: object } } }>({
  plugins: [RelayPlugin],
  relay: {},
});
builder.scalarType('JSON', { serialize: (value) => value });

const STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'];
const RunStatus = builder.enumType('RunStatus', {
  values: Object.fromEntries(STATUSES.map((value) => [value.toUpperCase(), { value }])),
});

const RequestConfig = builder
  .objectRef<NonNullable<WireRun['request_config']>>('RunRequestConfig')
  .implement({
    fields: (t) => ({
      useAssistantMessage: t.exposeBoolean('use_assistant_message'),
      assistantMessageToolName: t.exposeString('assistant_message_tool_name'),
    }),
  });

const Run = builder.objectRef<WireRun>('Run').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.field({ type: RunStatus, resolve: (run) => run.status }),
    createdAt: t.exposeString('created_at'),
    completedAt: t.exposeString('completed_at', { nullable: true }),
    agentId: t.exposeID('agent_id'),
    conversationId: t.exposeID('conversation_id', { nullable: true }),
    background: t.exposeBoolean('background', { nullable: true }),
    stopReason: t.exposeString('stop_reason', { nullable: true }),
    totalDurationNs: t.exposeFloat('total_duration_ns', { nullable: true }),
    ttftNs: t.exposeFloat('ttft_ns', { nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON', nullable: true }),
    requestConfig: t.expose('request_config', { type: RequestConfig, nullable: true }),
    callbackUrl: t.exposeString('callback_url', { nullable: true }),
    callbackStatusCode: t.exposeInt('callback_status_code', { nullable: true }),
  }),
});

builder.queryType({
  fields: (t) => ({
    runs: t.connection({
      type: Run,
      resolve: (_, args) =>
        resolveCursorConnection(
          { args, maxSize: 1000, toCursor: (run: WireRun) => run.id },
          // It asks for one row more than the page has.
          ({ after, limit }: ResolveCursorConnectionArgs) => readRuns(getByFetch, limit, after),
        ),
    }),
  }),
});

export const schema = builder.toSchema();
