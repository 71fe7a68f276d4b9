import SchemaBuilder from '@pothos/core';
import RelayPlugin, { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay';
import DataLoader from 'dataloader';
import { createYoga } from 'graphql-yoga';
import { serve } from '../harness/serve.ts';
import { fetchRun, fetchRuns, fetchSteps } from './fetch-runs.ts';
import { readRuns, type WireRun, type WireStep } from './upstream-runs.ts';

/** GraphQL Yoga over a Pothos schema with its relay plugin, as their documentation shows it. */
const builder = new SchemaBuilder<{
  Context: { steps: DataLoader<string, WireStep[]> };
  Scalars: { JSON: { Input: never; Output: object } };
}>({
  plugins: [RelayPlugin],
  relay: {},
});

builder.scalarType('JSON', { serialize: (value) => value });

const RunStatus = builder.enumType('RunStatus', {
  values: {
    CREATED: { value: 'created' },
    RUNNING: { value: 'running' },
    COMPLETED: { value: 'completed' },
    FAILED: { value: 'failed' },
    CANCELLED: { value: 'cancelled' },
  },
});

const RequestConfig = builder
  .objectRef<NonNullable<WireRun['request_config']>>('RunRequestConfig')
  .implement({
    fields: (t) => ({
      useAssistantMessage: t.exposeBoolean('use_assistant_message'),
      assistantMessageToolName: t.exposeString('assistant_message_tool_name'),
    }),
  });

const RunUsage = builder.objectRef<readonly WireStep[]>('RunUsage').implement({
  fields: (t) => ({
    totalTokens: t.float({
      resolve: (steps) => steps.reduce((sum, step) => sum + (step.total_tokens ?? 0), 0),
    }),
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
    usage: t.field({ type: RunUsage, resolve: (run, _args, { steps }) => steps.load(run.id) }),
  }),
});

builder.queryType({
  fields: (t) => ({
    run: t.field({
      type: Run,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }) => fetchRun(id),
    }),
    runs: t.connection({
      type: Run,
      resolve: (_, args) =>
        resolveCursorConnection(
          { args, maxSize: 1000, toCursor: (run: WireRun) => run.id },
          // It asks for one row more than the page has.
          ({ after, limit }: ResolveCursorConnectionArgs) => readRuns(fetchRuns, limit, after),
        ),
    }),
  }),
});

serve(
  createYoga({
    schema: builder.toSchema(),
    context: () => ({ steps: new DataLoader((ids: readonly string[]) => Promise.all(ids.map(fetchSteps))) }),
  }),
);
