import { ApprovalRef, ToolCallRef, ToolReturnRef } from './run-message-parts.ts';
import { refOfKind, RunMessageRef } from './run-message.ts';

// Messages about tools: what the agent calls, what was approved, and what came back.

refOfKind('tool_call_message').implement({
  description: 'Tool calls of the agent.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolCalls: t.expose('toolCalls', {
      type: [ToolCallRef],
      description: 'The calls (REST: `tool_calls`, and the deprecated `tool_call`).',
    }),
  }),
});

refOfKind('tool_return_message').implement({
  description: 'The results of tool calls.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolReturns: t.expose('toolReturns', {
      type: [ToolReturnRef],
      description:
        'The result of each call (REST: `tool_returns`, and the deprecated `tool_return` with its neighbours).',
    }),
  }),
});

refOfKind('approval_request_message').implement({
  description: 'A request of the agent to approve tool calls.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    toolCalls: t.expose('toolCalls', {
      type: [ToolCallRef],
      description: 'The calls that wait for approval (REST: `tool_calls`, and the deprecated `tool_call`).',
    }),
  }),
});

refOfKind('approval_response_message').implement({
  description: 'The response to an approval request.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    approvals: t.expose('approvals', {
      type: [ApprovalRef],
      description:
        'The decision on each call (REST: `approvals` of type `approval`, and the deprecated `approve` with its neighbours).',
    }),
    toolReturns: t.expose('toolReturns', {
      type: [ToolReturnRef],
      description: 'The results of calls that the client ran itself (REST: `approvals` of type `tool`).',
    }),
  }),
});
