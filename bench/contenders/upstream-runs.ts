import process from 'node:process';

/** Where the contender's runs come from. */
export const UPSTREAM_URL = process.env['LETTA_BASE_URL'] ?? 'http://127.0.0.1:8283';

/** A run as the REST list has it. */
export interface WireRun {
  readonly id: string;
  readonly status: 'created' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly created_at: string;
  readonly completed_at: string | null;
  readonly agent_id: string;
  readonly conversation_id: string | null;
  readonly background: boolean | null;
  readonly stop_reason: string | null;
  readonly total_duration_ns: number | null;
  readonly ttft_ns: number | null;
  readonly metadata: object | null;
  readonly request_config: {
    readonly use_assistant_message: boolean;
    readonly assistant_message_tool_name: string;
  } | null;
  readonly callback_url: string | null;
  readonly callback_status_code: number | null;
}

/** What matters of a step. */
export interface WireStep {
  readonly total_tokens: number | null;
}

/** The most that one request may ask for. */
const MAX_LIMIT = 1000;

/**
 * The newest runs, or those that follow one; `limit` counts the one more that tells whether there
 * is a next page. Beyond what the API gives at once, that one is a request of its own.
 *
 * @param get asks for a path and parses the answer
 */
export async function readRuns(
  get: (path: string) => Promise<WireRun[]>,
  limit: number,
  after?: string | null,
): Promise<WireRun[]> {
  const cursor = after == null ? '' : `&before=${encodeURIComponent(after)}`;
  const rows = await get(`/v1/runs/?limit=${Math.min(limit, MAX_LIMIT)}${cursor}`);
  const last = rows.at(-1);
  if (limit <= MAX_LIMIT || rows.length < MAX_LIMIT || last === undefined) return rows;
  return [...rows, ...(await get(`/v1/runs/?limit=${limit - MAX_LIMIT}&before=${last.id}`))];
}

/** The address of one run. */
export function runPath(id: string): string {
  return `/v1/runs/${encodeURIComponent(id)}`;
}

/** The address of all of a run's steps. */
export function stepsPath(id: string): string {
  return `${runPath(id)}/steps?order=asc&limit=1000`;
}
