import { parseJson } from '../../json/parse-json.ts';
import type { RunMessage } from '../../runs/messages.ts';
import type { AnswerOutcome, AnswerRequest, MessagePage, MessagesPlace } from '../../runs/runs-source.ts';
import type { Body } from '../response-body.ts';
import type { CallerRequests } from './caller-requests.ts';
import { decoded } from './decode/decode-error.ts';
import { decodeMessages } from './decode/decode-messages.ts';
import { parseBody } from './decode/parse-body.ts';
import { textIn } from './decode/read-fields.ts';
import { ANSWER_PATHS, MESSAGE_LISTS, pathWith } from './endpoints.ts';

/** Returns some messages of a run or a conversation, in the order of the page. @throws UpstreamError */
export async function readMessages(
  requests: CallerRequests,
  place: MessagesPlace,
  { order, limit, ...cursor }: MessagePage,
): Promise<readonly RunMessage[]> {
  const cursors = Object.entries(cursor).map(
    ([parameter, value]) => `&${parameter}=${encodeURIComponent(value)}`,
  );
  const rows = await listMessages(requests, place, `order=${order}&limit=${limit}${cursors.join('')}`);
  return decoded(() => decodeMessages(rows, listOf(place).id));
}

/** Returns a page of messages of a run or a conversation as they were sent, in the order of the query. @throws UpstreamError */
export async function listMessages(
  requests: CallerRequests,
  place: MessagesPlace,
  pageQuery: string,
): Promise<readonly unknown[]> {
  const { name, id } = listOf(place);
  const { path, query = '', isAscending = false, ...options } = MESSAGE_LISTS[name];
  const rows = await requests.list(`${pathWith(path, id)}?${query}${pageQuery}`, options);
  return isAscending && pageQuery.startsWith('order=desc') ? rows.toReversed() : rows;
}

function listOf(place: MessagesPlace): { readonly name: keyof typeof MESSAGE_LISTS; readonly id: string } {
  if ('runId' in place) return { name: 'run', id: place.runId };
  const { agentId, conversationId } = place;
  return conversationId === null
    ? { name: 'agent', id: agentId }
    : { name: 'conversation', id: conversationId };
}

/**
 * Answers a request for an approval, at most once. In the default conversation the API answers at once; in any other one it
 * streams, since a whole answer of that endpoint leaves a run that never ends: of the stream, the first event is read, and
 * the turn goes on without its client.
 */
export async function sendAnswer(
  requests: CallerRequests,
  { agentId, conversationId, answers }: AnswerRequest,
): Promise<AnswerOutcome> {
  const approvals = answers.map(({ toolCallId, approve, reason = null }) => ({
    type: 'approval',
    tool_call_id: toolCallId,
    approve,
    reason,
  }));
  const body = { messages: [{ type: 'approval', approvals }] };
  const { answer, ...outcome } =
    conversationId === null
      ? await requests.post(pathWith(ANSWER_PATHS.agent, agentId), body, (sent) =>
          textIn(parseBody(sent).value, 'id'),
        )
      : await requests.post(
          pathWith(ANSWER_PATHS.conversation, conversationId),
          body,
          readFirstEvent,
          EVENT_END,
        );
  return { ...outcome, runId: answer ?? null };
}

const EVENT_END = '\n\n';

/** Returns the id of the run from the first event of a stream; undefined if it has none. */
function readFirstEvent(body: Body): string | undefined {
  const [, json] = /^data: (.*)$/m.exec(body.toString('utf8')) ?? [];
  return json === undefined ? undefined : textIn(parseJson(json), 'run_id');
}
