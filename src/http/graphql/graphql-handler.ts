import { answerBody, answerHeaders, answerStatus } from '../../graphql/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../../graphql/operation-request.ts';
import type { Operations } from '../../graphql/operations.ts';
import type { ExplainInvalid, RequestContext } from '../../graphql/yoga.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import { EVENT_STREAM_HEADERS, eventBody, eventStream } from './event-stream.ts';
import { parseGraphqlGet, parseGraphqlPost, readGraphqlGet, readGraphqlPost } from './graphql-request.ts';
import { EVENT_STREAM, framed, JSON_TYPE, type MediaType, RESPONSE_TYPE } from './media-types.ts';

/** A POST with a JSON body that has been read, or a GET. */
interface PlainRequest {
  readonly method: 'GET' | 'POST';
  /** The body, or the query string. */
  readonly text: string;
  /** Of the answer, as negotiated. */
  readonly type: MediaType;
  readonly takesEvents: boolean;
  /** Aborts when the client has disconnected. */
  readonly signal: AbortSignal;
}

/** Handles GraphQL over HTTP, from the text of a request to the body of its answer. */
export type HandleGraphql = (request: PlainRequest, context: RequestContext) => Promise<HttpAnswer>;

/**
 * @param explainInvalid answers what is not a valid request
 * @param vary the headers of a request by which answers differ
 */
export function createGraphqlHandler(
  operations: Operations,
  explainInvalid: ExplainInvalid,
  vary: string,
): HandleGraphql {
  return async ({ method, text, type, takesEvents, signal }, context) => {
    const isGet = method === 'GET';
    const request = isGet ? readGraphqlGet(text) : readGraphqlPost(text);
    if (request === undefined) {
      const { record } = context;
      const parse = () => (isGet ? parseGraphqlGet(text) : parseGraphqlPost(text));
      return httpAnswer(await explainInvalid({ record, parse }, type === JSON_TYPE), type, vary);
    }
    const answer = await operations.answer(request, {
      ...context,
      signal,
      key: text,
      isReadOnly: isGet,
      takesStreams: takesEvents,
    });
    return httpAnswer(answer, type, vary);
  };
}

function httpAnswer(
  answer: OperationAnswer | OperationStream,
  accepted: MediaType,
  vary: string,
): HttpAnswer {
  if ('answers' in answer) {
    return { status: 200, headers: EVENT_STREAM_HEADERS, body: [], stream: eventStream(answer) };
  }
  // A refusal is JSON, also for those who would have got events or parts.
  const type = answer.refusal === undefined || accepted === RESPONSE_TYPE ? accepted : JSON_TYPE;
  const headers = answerHeaders(answer);
  if (type === EVENT_STREAM) {
    return { status: 200, headers: { ...EVENT_STREAM_HEADERS, ...headers }, body: eventBody(answer) };
  }
  return {
    status: answerStatus(answer, type),
    headers: { 'content-type': type, vary, ...headers },
    body: framed(type, answerBody(answer)),
  };
}
