import { parseJson } from '../../json/parse-json.ts';
import type { AnswerRequest, SentAnswer } from '../../runs/runs-source.ts';
import type { CallerRequests } from './caller-requests.ts';
import { parseBody } from './decode/parse-body.ts';
import { textIn } from './decode/read-fields.ts';
import { ANSWER_PATHS, pathWith } from './endpoints.ts';

/**
 * Answers a request for an approval, at most once. In the default conversation the API answers at once; in any other one it
 * streams, since a whole answer of that endpoint leaves a run that never ends: of the stream, the first event is read, and
 * the turn goes on without its client.
 */
export async function sendAnswer(
  requests: CallerRequests,
  { agentId, conversationId, answers }: AnswerRequest,
): Promise<SentAnswer> {
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
function readFirstEvent(body: Buffer): string | undefined {
  const [, json] = /^data: (.*)$/m.exec(body.toString()) ?? [];
  return json === undefined ? undefined : textIn(parseJson(json), 'run_id');
}
