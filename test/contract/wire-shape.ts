type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isWhole: Check = (value) => Number.isInteger(value);
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const like =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isInstant =
  (pattern: RegExp): Check =>
  (value) =>
    like(pattern)(value) && !Number.isNaN(Date.parse(String(value)));

/** No fraction, or six digits that aren't all zero. */
const ZONED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000000)\d{6})?Z$/;
/** UTC all the same. */
const ZONELESS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000000)\d{6})?$/;

const REQUEST_CONFIG: Readonly<Record<string, Check>> = {
  use_assistant_message: isFlag,
  assistant_message_tool_name: isText,
  assistant_message_tool_kwarg: isText,
  include_return_message_types: orNull(isTexts),
};

/** A row has these keys, all of them and no others. */
const RUN: Readonly<Record<string, Check>> = {
  id: like(/^(?:job|run)-[a-f0-9]{8}/),
  status: isText,
  created_at: isInstant(ZONED),
  completed_at: orNull(isInstant(ZONELESS)),
  agent_id: isText,
  conversation_id: orNull(isText),
  base_template_id: orNull(isText),
  background: orNull(isFlag),
  metadata: orNull(isObject),
  request_config: orNull((value) => problemsOf(value, REQUEST_CONFIG).length === 0),
  stop_reason: orNull(isText),
  callback_url: orNull(isText),
  callback_sent_at: orNull(isInstant(ZONELESS)),
  callback_status_code: orNull(isWhole),
  callback_error: orNull(isText),
  ttft_ns: orNull(isWhole),
  total_duration_ns: orNull(isWhole),
};

/** What is wrong with a row, one line each; empty for a run as it should be. */
export function runProblems(row: unknown): string[] {
  return problemsOf(row, RUN);
}

function problemsOf(value: unknown, shape: Readonly<Record<string, Check>>): string[] {
  if (!isObject(value)) return [`expected an object, but got: ${JSON.stringify(value)}`];
  const entries = Object.entries(value as object);
  const extra = entries.filter(([key]) => !(key in shape)).map(([key]) => `${key}: an unknown key`);
  const found = new Map<string, unknown>(entries);
  const wrong = Object.entries(shape)
    .filter(([key, check]) => !check(found.get(key)))
    .map(([key]) => `${key}: ${found.has(key) ? JSON.stringify(found.get(key)) : 'missing'}`);
  return [...wrong, ...extra];
}
