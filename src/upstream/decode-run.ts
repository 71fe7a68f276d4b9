import { instantOf } from '../runs/position.ts';
import type { Run, RunRequestConfig } from '../runs/run.ts';

/** The upstream's JSON isn't what a run or a list of runs looks like; the message has the path. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError' as const;
}

type Wire = Readonly<Record<string, unknown>>;

/**
 * A list as the runs API sends it. Only what identifies and places a run is required (`id`,
 * `agent_id`, `created_at`); anything else may be missing, as older servers leave fields out, and
 * fields that are not known here are passed over.
 *
 * @throws DecodeError
 */
export function decodeRuns(json: unknown): readonly Run[] {
  if (!Array.isArray(json)) throw new DecodeError(`$: expected a list of runs, but got ${kindOf(json)}`);
  return json.map((row: unknown, index) => decode(row, `$[${index}]`, true));
}

/**
 * A run as a look-up sends it.
 *
 * @throws DecodeError
 */
export function decodeRun(json: unknown): Run {
  return decode(json, '$', false);
}

/**
 * The duration in the metrics of a run, in nanoseconds.
 *
 * @throws DecodeError
 */
export function decodeDuration(json: unknown): number | null {
  if (!isObject(json)) throw new DecodeError(`$: expected metrics, but got ${kindOf(json)}`);
  return wholeNumber(json, 'run_ns', '$');
}

function decode(json: unknown, path: string, isDurationMeasured: boolean): Run {
  if (!isObject(json)) throw new DecodeError(`${path}: expected a run, but got ${kindOf(json)}`);
  const createdAt = text(json, 'created_at', path);
  if (createdAt === null || instantOf(createdAt) === null) {
    throw new DecodeError(`${path}.created_at: expected a date and time`);
  }
  return {
    id: requiredText(json, 'id', path),
    agentId: requiredText(json, 'agent_id', path),
    createdAt: withZone(createdAt),
    status: text(json, 'status', path),
    stopReason: text(json, 'stop_reason', path),
    completedAt: timestamp(json, 'completed_at', path),
    conversationId: text(json, 'conversation_id', path),
    baseTemplateId: text(json, 'base_template_id', path),
    background: boolean(json, 'background', path),
    metadata: object(json, 'metadata', path),
    requestConfig: requestConfig(object(json, 'request_config', path), `${path}.request_config`),
    callbackUrl: text(json, 'callback_url', path),
    callbackSentAt: timestamp(json, 'callback_sent_at', path),
    callbackStatusCode: wholeNumber(json, 'callback_status_code', path),
    callbackError: text(json, 'callback_error', path),
    ttftNs: wholeNumber(json, 'ttft_ns', path),
    totalDurationNs: wholeNumber(json, 'total_duration_ns', path),
    isDurationMeasured,
  };
}

function requestConfig(json: Wire | null, path: string): RunRequestConfig | null {
  if (json === null) return null;
  return {
    useAssistantMessage: boolean(json, 'use_assistant_message', path),
    assistantMessageToolName: text(json, 'assistant_message_tool_name', path),
    assistantMessageToolKwarg: text(json, 'assistant_message_tool_kwarg', path),
    includeReturnMessageTypes: texts(json, 'include_return_message_types', path),
  };
}

function requiredText(json: Wire, key: string, path: string): string {
  const value = text(json, key, path);
  if (value === null || value === '') throw new DecodeError(`${path}.${key}: expected a text`);
  return value;
}

function text(json: Wire, key: string, path: string): string | null {
  const value = json[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new DecodeError(`${path}.${key}: expected a text or null, but got ${kindOf(value)}`);
}

/** The API writes some instants without a zone; all of them are UTC. */
function withZone(instant: string): string {
  return /(?:[Zz]|[+-]\d\d:\d\d)$/.test(instant) ? instant : `${instant}Z`;
}

function timestamp(json: Wire, key: string, path: string): string | null {
  const value = text(json, key, path);
  if (value === null) return null;
  if (instantOf(value) === null) throw new DecodeError(`${path}.${key}: expected a date and time`);
  return withZone(value);
}

function boolean(json: Wire, key: string, path: string): boolean | null {
  const value = json[key] ?? null;
  if (value === null || typeof value === 'boolean') return value;
  throw new DecodeError(`${path}.${key}: expected true, false or null, but got ${kindOf(value)}`);
}

function wholeNumber(json: Wire, key: string, path: string): number | null {
  const value = json[key] ?? null;
  if (value === null || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  throw new DecodeError(`${path}.${key}: expected a whole number below 2^53 or null`);
}

function texts(json: Wire, key: string, path: string): readonly string[] | null {
  const value: unknown = json[key] ?? null;
  if (value === null) return null;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new DecodeError(`${path}.${key}: expected a list of texts or null, but got ${kindOf(value)}`);
}

function object(json: Wire, key: string, path: string): Wire | null {
  const value = json[key] ?? null;
  if (value === null || isObject(value)) return value;
  throw new DecodeError(`${path}.${key}: expected an object or null, but got ${kindOf(value)}`);
}

function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
