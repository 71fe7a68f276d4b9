import type { Run, RunRequestConfig } from '../runs/run.ts';
import { AgentRef } from './agent.ts';
import { builder, LOOK_UP_DIRECTIVES, sharing } from './builder.ts';
import { MessageTypeEnum, RunStatusEnum, recognize, StopReasonEnum, UNRECOGNIZED } from './enums.ts';
import { NodeRef } from './node.ts';

export const RunRef = builder.objectRef<Run>('Run');
const RunRequestConfigRef = builder.objectRef<RunRequestConfig>('RunRequestConfig');

RunRef.implement({
  description: 'One execution of an AI agent, with its status, outcome and duration.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "The run's id, `run-` and a UUID; the same as in REST. Also accepted as a cursor.",
    }),
    agentId: t.exposeID('agentId', { description: 'The id of the agent that ran (REST: `agent_id`).' }),
    agent: t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent that ran.',
      resolve: (run) => ({ id: run.agentId }),
    }),
    status: t.field({
      type: RunStatusEnum,
      description: 'The status of the run.',
      resolve: (run) => (run.status === null ? UNRECOGNIZED : recognize('status', run.status)),
    }),
    rawStatus: t.exposeString('status', {
      nullable: true,
      description: 'The status as the runs API sent it; useful if `status` is UNRECOGNIZED.',
    }),
    stopReason: t.field({
      type: StopReasonEnum,
      nullable: true,
      description:
        'Why the run ended; null until it has ended, and after some failures (REST: `stop_reason`).',
      resolve: (run) => (run.stopReason === null ? null : recognize('stop_reason', run.stopReason)),
    }),
    rawStopReason: t.exposeString('stopReason', {
      nullable: true,
      description: 'The stop reason as the runs API sent it; useful if `stopReason` is UNRECOGNIZED.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the run was created (REST: `created_at`).',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the run ended; null until it has (REST: `completed_at`).',
    }),
    totalDurationNs: t.field({
      type: 'Nanoseconds',
      nullable: true,
      description:
        "How long the run took, in nanoseconds (REST: `total_duration_ns` as in lists). Lists of servers before Letta 0.14.0 don't show it: there it is in `metrics { durationNs }`.",
      // The API reports another duration for a single run than in lists; the one in lists is in its metrics.
      extensions: { costOutsideLists: LOOK_UP_DIRECTIVES.cost.weight, ...sharing('metrics') },
      resolve: (run, _args, context) => {
        if (run.isDurationMeasured) return run.totalDurationNs;
        return context.runParts
          .load('metrics', run.id)
          .then((metrics) => metrics?.durationNs ?? run.totalDurationNs);
      },
    }),
    ttftNs: t.expose('ttftNs', {
      type: 'Nanoseconds',
      nullable: true,
      description:
        'The time to the first token, in nanoseconds; null if it was not measured (REST: `ttft_ns`).',
    }),
    background: t.exposeBoolean('background', {
      nullable: true,
      description: 'Whether the run was started in background mode; null if unknown.',
    }),
    conversationId: t.exposeID('conversationId', {
      nullable: true,
      description: 'The id of the conversation that the run belongs to (REST: `conversation_id`).',
    }),
    baseTemplateId: t.exposeID('baseTemplateId', {
      nullable: true,
      description: 'The id of the template that the agent was created from (REST: `base_template_id`).',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'The metadata stored with the run, unchanged. It may contain prompts and error messages.',
    }),
    requestConfig: t.expose('requestConfig', {
      type: RunRequestConfigRef,
      nullable: true,
      description: 'How the messages of the run were requested (REST: `request_config`).',
    }),
    callbackUrl: t.exposeString('callbackUrl', {
      nullable: true,
      description:
        'The URL to which the runs API sends a POST when the run has ended (its callback); null if none was requested (REST: `callback_url`).',
    }),
    callbackSentAt: t.expose('callbackSentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the callback was last attempted; null if it was not (REST: `callback_sent_at`).',
    }),
    callbackStatusCode: t.exposeInt('callbackStatusCode', {
      nullable: true,
      description:
        'The HTTP status of the response to the callback; null if there was none (REST: `callback_status_code`).',
    }),
    callbackError: t.exposeString('callbackError', {
      nullable: true,
      description:
        'Why the callback could not be delivered; null if it was, or if none was sent (REST: `callback_error`).',
    }),
  }),
});

RunRequestConfigRef.implement({
  description: 'How the messages of a run were requested.',
  fields: (t) => ({
    useAssistantMessage: t.exposeBoolean('useAssistantMessage', {
      nullable: true,
      description:
        'Whether calls to the message tool are returned as assistant messages (REST: `use_assistant_message`).',
    }),
    assistantMessageToolName: t.exposeString('assistantMessageToolName', {
      nullable: true,
      description: 'The name of the message tool (REST: `assistant_message_tool_name`).',
    }),
    assistantMessageToolKwarg: t.exposeString('assistantMessageToolKwarg', {
      nullable: true,
      description:
        'The argument of the message tool that holds its text (REST: `assistant_message_tool_kwarg`).',
    }),
    includeReturnMessageTypes: t.field({
      type: [MessageTypeEnum],
      nullable: true,
      description: 'The message types to return; null for all (REST: `include_return_message_types`).',
      resolve: (config) =>
        config.includeReturnMessageTypes?.map((text) => recognize('message_type', text)) ?? null,
    }),
  }),
});
