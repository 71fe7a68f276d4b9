import { MESSAGE_TYPES } from '../model/enum-values.ts';
import { BadRowError, notAmong } from './bad-row-error.ts';

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(MESSAGE_TYPES);

/**
 * Serializes a stored request config as JSON: missing keys get Letta's defaults, unknown keys are dropped.
 * @throws BadRowError for a message type that Letta 0.16.7 doesn't know.
 */
export function requestConfig(stored: string): string {
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

function assertMessageTypes(types: unknown): void {
  if (!Array.isArray(types)) return;
  const problems = types.flatMap((type: unknown, at) =>
    KNOWN_TYPES.has(type)
      ? []
      : [notAmong(MESSAGE_TYPES, `request_config.include_return_message_types.${at}`, type)],
  );
  if (problems.length > 0) throw new BadRowError(problems);
}
