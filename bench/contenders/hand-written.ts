import { json } from 'node:stream/consumers';
import { Pool } from 'undici';
import { serve } from '../harness/serve.ts';
import { readRuns, UPSTREAM_URL, type WireRun } from './upstream-runs.ts';

/**
 * An endpoint for exactly this page, without GraphQL: it takes the operation's variables, and gives
 * the same JSON. Nothing is checked.
 */
const upstream = new Pool(UPSTREAM_URL);

serve(async (request, response) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- As said: nothing is checked.
  const { variables } = (await json(request)) as { variables: { first: number; after?: string } };
  const rows = await readRuns(get, variables.first + 1, variables.after);
  const page = rows.slice(0, variables.first);
  const body = JSON.stringify({
    data: {
      runs: {
        edges: page.map((row) => ({ cursor: row.id, node: nodeOf(row) })),
        pageInfo: { hasNextPage: rows.length > page.length, endCursor: page.at(-1)?.id ?? null },
      },
    },
  });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});

async function get(path: string): Promise<WireRun[]> {
  const { body } = await upstream.request({ method: 'GET', path });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- As said: nothing is checked.
  return JSON.parse(await body.text()) as WireRun[];
}

function nodeOf(run: WireRun): object {
  const config = run.request_config;
  return {
    id: run.id,
    status: run.status,
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
