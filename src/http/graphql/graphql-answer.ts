import { answerBody } from '../../operations/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../../operations/operation-request.ts';
import { type HttpAnswer, lengthOf } from '../server/http-answer.ts';
import { EVENT_STREAM_HEADERS, eventBody, eventStream } from './event-stream.ts';
import { EVENT_STREAM, JSON_TYPE, type MediaType, MULTIPART, RESPONSE_TYPE } from './media-types.ts';

/**
 * Writes an answer as GraphQL over HTTP, or over server-sent events.
 *
 * @param accepted the type that was negotiated
 * @param vary the headers of a request by which answers differ
 */
export function httpAnswer(
  answer: OperationAnswer | OperationStream,
  accepted: MediaType,
  vary: string,
): HttpAnswer {
  if ('answers' in answer) {
    return { status: 200, headers: EVENT_STREAM_HEADERS, body: [], stream: eventStream(answer) };
  }
  const { data, refusal } = answer;
  const headers = { ...retryAfter(answer), ...refusal?.headers };
  // A refusal is JSON, also for those who would have got events or parts.
  const type = refusal === undefined || accepted === RESPONSE_TYPE ? accepted : JSON_TYPE;
  if (type === EVENT_STREAM) {
    return { status: 200, headers: { ...EVENT_STREAM_HEADERS, ...headers }, body: eventBody(answer) };
  }
  // With `application/json` errors are 200, by the GraphQL over HTTP specification.
  const status = data === undefined && type !== JSON_TYPE ? 400 : 200;
  const body = answerBody(answer);
  return {
    status: refusal?.status ?? status,
    headers: { 'content-type': type, vary, ...headers },
    body: type === MULTIPART ? multipart(body) : body,
  };
}

/** When to try again: the latest of the times that errors tell, also where other fields succeeded. */
function retryAfter({ errors }: OperationAnswer): Readonly<Record<string, string>> | undefined {
  let latest = -1;
  for (const { extensions } of errors)
    latest = Math.max(latest, Number(extensions['retryAfterSeconds'] ?? -1));
  return latest === -1 ? undefined : { 'retry-after': String(latest) };
}

function multipart(body: readonly Uint8Array[]): readonly Uint8Array[] {
  const head = `\r\n---\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${lengthOf(body)}\r\n\r\n`;
  return [Buffer.from(head), ...body, Buffer.from('\r\n-----\r\n')];
}
