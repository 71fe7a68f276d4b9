import { field, fieldTable } from './field-table.ts';
import type { RunField } from './field.ts';

/**
 * The fields of a run, by their names here and in GraphQL: all those of Letta 0.16.7, in its order. Schema, decoder,
 * scanner, cursors of events and the embedded API are derived from this table; the recorded OpenAPI is its judge.
 */
export const RUN_FIELDS = fieldTable({
  id: field('id', "The run's id, `run-` and a UUID; the same as in REST. Also accepted as a cursor."),
  status: field('enum value', 'CREATED or RUNNING until it ends; COMPLETED if paused for an approval.', {
    enum: 'status',
    raw: 'status',
    isRequired: true,
    fallback: 'created',
  }),
  createdAt: field('created', 'When the run was created; lists are sorted by it.'),
  completedAt: field('instant', 'When the run ended; null until it has.'),
  agentId: field('id', 'The id of the agent that ran; more of it is in `agent`.'),
  conversationId: field('text', 'The id of the conversation that the run belongs to.', { type: 'ID' }),
  baseTemplateId: field('text', 'The id of the template that the agent was created from.', { type: 'ID' }),
  background: field('boolean', 'Whether the run was started in background mode; null if unknown.'),
  metadata: field('object', 'As stored with the run. It may contain prompts and error messages.'),
  requestConfig: field('config', 'How the messages of the run were requested.'),
  stopReason: field('enum value', 'Why the run ended; null until it has ended, and after some failures.', {
    enum: 'stop_reason',
    raw: 'stop reason',
  }),
  callbackUrl: field(
    'text',
    'Where the runs API sends a POST when the run has ended (its callback), if anywhere.',
  ),
  callbackSentAt: field('instant', 'When the callback was last attempted; null if it was not.'),
  callbackStatusCode: field('int', 'The HTTP status of the response to the callback; null for none.'),
  callbackError: field('text', 'Why the callback could not be delivered; null if it could, or was not sent.'),
  ttftNs: field('whole number', 'The time to the first token, in nanoseconds; null if it was not measured.'),
  totalDurationNs: field(
    'whole number',
    "How long the run took, in nanoseconds (REST: `total_duration_ns` as in lists). Lists of servers before Letta 0.14.0 don't show it: there it is in `metrics { durationNs }`.",
  ),
}) satisfies Readonly<Record<string, RunField>>;

/** The fields of a run's `request_config`, none of which may have the name of a field of a run. */
export const REQUEST_CONFIG_FIELDS = fieldTable({
  useAssistantMessage: field('boolean', 'Whether calls to the message tool are sent as assistant messages.', {
    fallback: true,
  }),
  assistantMessageToolName: field('text', 'The name of the message tool.', { fallback: 'send_message' }),
  assistantMessageToolKwarg: field('text', 'The argument of the message tool that holds its text.', {
    fallback: 'message',
  }),
  includeReturnMessageTypes: field('enum list', 'The message types to return; null for all.', {
    enum: 'message_type',
  }),
}) satisfies Readonly<Record<string, RunField>> & { readonly [Name in keyof typeof RUN_FIELDS]?: never };

export type NamedField = RunField & { readonly name: string };

function named(fields: Readonly<Record<string, RunField>>): readonly NamedField[] {
  return Object.entries(fields).map(([name, each]) => ({ ...each, name }));
}

export const RUN_FIELD_LIST = named(RUN_FIELDS);
export const REQUEST_CONFIG_FIELD_LIST = named(REQUEST_CONFIG_FIELDS);
