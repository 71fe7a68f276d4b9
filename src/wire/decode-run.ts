import { instantOf } from '../runs/position.ts';
import type { Run, RunRequestConfig } from '../runs/run.ts';

/** The upstream's JSON isn't what a run or a list of runs looks like; the message has the path. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError' as const;
}

type Wire = Readonly<Record<string, unknown>>;

/** The row of a list that a value belongs to; null outside of a list. */
type Row = number | null;

/**
 * A list as the runs API sends it. Only what identifies and places a run is required (`id`,
 * `agent_id`, `created_at`); anything else may be missing, as older servers leave fields out, and
 * fields that are not known here are passed over.
 *
 * @throws DecodeError
 */
export function decodeRuns(json: unknown): readonly Run[] {
  if (!Array.isArray(json)) throw mismatch(null, '', 'a list of runs', json);
  return json.map((item: unknown, row) => decode(item, row));
}

/**
 * A run as a look-up sends it.
 *
 * @throws DecodeError
 */
export function decodeRun(json: unknown): Run {
  return decode(json, null);
}

/**
 * The duration in the metrics of a run, in nanoseconds.
 *
 * @throws DecodeError
 */
export function decodeDuration(json: unknown): number | null {
  if (!isObject(json)) throw mismatch(null, '', 'metrics', json);
  return wholeNumber(json['run_ns'], null, 'run_ns');
}

/** Every page goes through here row by row: each field is read where its name stands, and a path is made only for an error. */
function decode(json: unknown, row: Row): Run {
  if (!isObject(json)) throw mismatch(row, '', 'a run', json);
  const config = object(json['request_config'], row, 'request_config');
  const createdAt = text(json['created_at'], row, 'created_at');
  const createdInstant = createdAt === null ? null : instantOf(createdAt);
  if (createdAt === null || createdInstant === null) throw mismatch(row, 'created_at', INSTANT, createdAt);
  return {
    id: requiredText(json['id'], row, 'id'),
    agentId: requiredText(json['agent_id'], row, 'agent_id'),
    createdAt: withZone(createdAt),
    createdInstant,
    status: text(json['status'], row, 'status'),
    stopReason: text(json['stop_reason'], row, 'stop_reason'),
    completedAt: instant(json['completed_at'], row, 'completed_at'),
    conversationId: text(json['conversation_id'], row, 'conversation_id'),
    baseTemplateId: text(json['base_template_id'], row, 'base_template_id'),
    background: boolean(json['background'], row, 'background'),
    metadata: object(json['metadata'], row, 'metadata'),
    requestConfig: config && requestConfig(config, row),
    callbackUrl: text(json['callback_url'], row, 'callback_url'),
    callbackSentAt: instant(json['callback_sent_at'], row, 'callback_sent_at'),
    callbackStatusCode: int(json['callback_status_code'], row, 'callback_status_code'),
    callbackError: text(json['callback_error'], row, 'callback_error'),
    ttftNs: wholeNumber(json['ttft_ns'], row, 'ttft_ns'),
    totalDurationNs: wholeNumber(json['total_duration_ns'], row, 'total_duration_ns'),
    isDurationMeasured: row !== null,
  };
}

function requestConfig(json: Wire, row: Row): RunRequestConfig {
  return {
    useAssistantMessage: boolean(json['use_assistant_message'], row, 'request_config.use_assistant_message'),
    assistantMessageToolName: text(
      json['assistant_message_tool_name'],
      row,
      'request_config.assistant_message_tool_name',
    ),
    assistantMessageToolKwarg: text(
      json['assistant_message_tool_kwarg'],
      row,
      'request_config.assistant_message_tool_kwarg',
    ),
    includeReturnMessageTypes: texts(
      json['include_return_message_types'],
      row,
      'request_config.include_return_message_types',
    ),
  };
}

function requiredText(value: unknown, row: Row, key: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw mismatch(row, key, 'a text', value);
}

function text(value: unknown, row: Row, key: string): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  throw mismatch(row, key, 'a text or null', value);
}

const INSTANT = 'a date and time';
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;

/** The API writes some instants without a zone, and means UTC. */
function withZone(value: string): string {
  if (value.endsWith('Z') || /[+-]\d\d:\d\d$/.test(value)) return value;
  return `${WITHOUT_ZONE.test(value) ? value : instantOf(value)}Z`;
}

function instant(value: unknown, row: Row, key: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && (WITHOUT_ZONE.test(value) || instantOf(value) !== null))
    return withZone(value);
  throw mismatch(row, key, INSTANT, value);
}

function boolean(value: unknown, row: Row, key: string): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  throw mismatch(row, key, 'true, false or null', value);
}

function wholeNumber(value: unknown, row: Row, key: string): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw mismatch(row, key, 'a whole number below 2^53 or null', value);
}

/** What fits into GraphQL's Int. */
function int(value: unknown, row: Row, key: string): number | null {
  const number = wholeNumber(value, row, key);
  if (number === null || number === (number | 0)) return number;
  throw mismatch(row, key, 'a whole number of 32 bits or null', value);
}

function texts(value: unknown, row: Row, key: string): readonly string[] | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw mismatch(row, key, 'a list of texts or null', value);
}

function object(value: unknown, row: Row, key: string): Wire | null {
  if (value === null || value === undefined) return null;
  if (isObject(value)) return value;
  throw mismatch(row, key, 'an object or null', value);
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mismatch(row: Row, key: string, expected: string, value: unknown): DecodeError {
  const path = `$${row === null ? '' : `[${row}]`}${key === '' ? '' : `.${key}`}`;
  return new DecodeError(`${path}: expected ${expected}, but got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
