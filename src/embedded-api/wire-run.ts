import { assertMessageTypes, assertValidRow } from './row-errors.ts';
import type { RunRow } from './stored-run.ts';
import { epochNanoseconds, zonedStamp, zonelessStamp } from './timestamps.ts';

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));
const zoneless = (stamp: string | null): string => (stamp === null ? 'null' : `"${zonelessStamp(stamp)}"`);

/**
 * A run as JSON text: always all 17 keys, in Letta's order. Joined by hand, so that stored metadata goes out as
 * it is, without parsing it, and whole numbers keep all their digits.
 * @param durationNs the value for `total_duration_ns`, which differs between lists and single runs.
 * @throws BadRowError when Letta would refuse the row.
 */
function wireRun(row: RunRow, durationNs: bigint | null): string {
  assertValidRow(row);
  const background = row.background === null ? 'null' : row.background !== 0n;
  return (
    `{"id":${text(row.id)},"status":"${row.status}","created_at":"${zonedStamp(row.created_at)}",` +
    `"completed_at":${zoneless(row.completed_at)},"agent_id":${text(row.agent_id)},` +
    `"conversation_id":${text(row.conversation_id)},"base_template_id":${text(row.base_template_id)},` +
    `"background":${background},"metadata":${row.metadata},"request_config":${requestConfig(row)},` +
    `"stop_reason":${text(row.stop_reason)},"callback_url":${text(row.callback_url)},` +
    `"callback_sent_at":${zoneless(row.callback_sent_at)},"callback_status_code":${row.callback_status_code},` +
    `"callback_error":${text(row.callback_error)},"ttft_ns":${row.ttft_ns},"total_duration_ns":${durationNs}}`
  );
}

/** An item of a list: `run_metrics.run_ns`, when there is one, takes the place of the run's own duration. */
export function listedRun(row: RunRow): string {
  return wireRun(row, row.run_ns ?? row.total_duration_ns);
}

/** A run fetched by its id: the run's own duration. */
export function singleRun(row: RunRow): string {
  return wireRun(row, row.total_duration_ns);
}

/** Keys that were not stored have Letta's defaults, others than these four are dropped. */
function requestConfig({ request_config: stored }: RunRow): string {
  if (stored === null) return 'null';
  const config: Record<string, unknown> = JSON.parse(stored);
  const types = config.include_return_message_types ?? null;
  assertMessageTypes(types);
  return JSON.stringify({
    use_assistant_message: config.use_assistant_message ?? true,
    assistant_message_tool_name: config.assistant_message_tool_name ?? 'send_message',
    assistant_message_tool_kwarg: config.assistant_message_tool_kwarg ?? 'message',
    include_return_message_types: types,
  });
}

/** `RunMetrics`; the embedded API records neither projects, tools nor templates. */
export function wireMetrics(row: RunRow): string {
  return (
    `{"id":${text(row.id)},"organization_id":${text(row.organization_id)},"agent_id":${text(row.agent_id)},` +
    `"project_id":null,"run_start_ns":${epochNanoseconds(row.created_at)},"run_ns":${row.run_ns},` +
    `"num_steps":${row.num_steps},"tools_used":null,"template_id":null,` +
    `"base_template_id":${text(row.base_template_id)}}`
  );
}
