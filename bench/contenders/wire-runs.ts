import process from 'node:process';
import { Pool } from 'undici';

/** A run as the REST list has it. Nothing is checked. */
export interface WireRun {
  readonly id: string;
  readonly status: string;
  readonly created_at: string;
  readonly completed_at: string | null;
  readonly agent_id: string;
  readonly conversation_id: string | null;
  readonly background: boolean | null;
  readonly stop_reason: string | null;
  readonly total_duration_ns: number | null;
  readonly ttft_ns: number | null;
  readonly metadata: object | null;
  readonly request_config: { use_assistant_message: boolean; assistant_message_tool_name: string } | null;
  readonly callback_url: string | null;
  readonly callback_status_code: number | null;
}

/** The most rows that the API gives at once. */
const MAX_LIMIT = 1000;
const UPSTREAM_URL = process.env['LETTA_BASE_URL'] ?? 'http://127.0.0.1:8283';
const pool = new Pool(UPSTREAM_URL);

/** By undici's pool, the cheapest client that Node has. */
export async function getByPool(path: string): Promise<WireRun[]> {
  const { body } = await pool.request({ method: 'GET', path });
  return JSON.parse(await body.text());
}

/** By the `fetch` that Node brings, as the documentation of servers shows it. */
export async function getByFetch(path: string): Promise<WireRun[]> {
  return (await fetch(UPSTREAM_URL + path)).json();
}

/**
 * The newest runs, or those that follow one. `limit` counts the one more that tells whether there is a next page;
 * beyond what the API gives at once, that one is a request of its own.
 */
export async function readRuns(
  get: typeof getByPool,
  limit: number,
  after?: string | null,
): Promise<WireRun[]> {
  const cursor = after == null ? '' : `&before=${encodeURIComponent(after)}`;
  const rows = await get(`/v1/runs/?limit=${Math.min(limit, MAX_LIMIT)}${cursor}`);
  if (limit <= MAX_LIMIT || rows.length < MAX_LIMIT) return rows;
  return [...rows, ...(await get(`/v1/runs/?limit=${limit - MAX_LIMIT}&before=${rows.at(-1)?.id}`))];
}

/** The page of rows that were read with one more. */
export function connectionOf(rows: readonly WireRun[], first: number): object {
  const page = rows.slice(0, first);
  return {
    edges: page.map((row) => ({ cursor: row.id, node: nodeOf(row) })),
    pageInfo: { hasNextPage: rows.length > first, endCursor: page.at(-1)?.id ?? null },
  };
}

/** A run under the names of GraphQL. */
function nodeOf(run: WireRun): object {
  const config = run.request_config;
  return {
    id: run.id,
    status: run.status.toUpperCase(),
    createdAt: run.created_at,
    completedAt: run.completed_at,
    agentId: run.agent_id,
    conversationId: run.conversation_id,
    background: run.background,
    stopReason: run.stop_reason,
    totalDurationNs: run.total_duration_ns,
    ttftNs: run.ttft_ns,
    metadata: run.metadata,
    requestConfig: config && {
      useAssistantMessage: config.use_assistant_message,
      assistantMessageToolName: config.assistant_message_tool_name,
    },
    callbackUrl: run.callback_url,
    callbackStatusCode: run.callback_status_code,
  };
}
