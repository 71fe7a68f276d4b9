import { type ExecutionResult, GraphQLError } from 'graphql';
import type { OperationAnswer } from './operation-request.ts';

const CLOSING = Buffer.from('}');

/**
 * Returns the JSON of an answer in chunks. Errors come first, as in the examples of the specification;
 * the data, which may be shared with other answers, is not copied.
 */
export function answerBody({ data, errors, extensions }: OperationAnswer): readonly Uint8Array[] {
  if (data !== undefined && errors.length === 0 && extensions === undefined) return [data];
  const head = errors.length === 0 ? '{' : `{"errors":${JSON.stringify(errors)}`;
  const tail = extensions === undefined ? '}' : `,"extensions":${JSON.stringify(extensions)}}`;
  if (data === undefined) return [Buffer.from(head + tail)];
  // The braces of the data are cut off: head and tail have their own.
  const separator = errors.length === 0 ? '' : ',';
  return [Buffer.from(head + separator), data.subarray(1, -1), tail === '}' ? CLOSING : Buffer.from(tail)];
}

/** Returns the status by the GraphQL over HTTP specification; with `application/json` errors are 200. */
export function answerStatus({ data, refusal }: OperationAnswer, mediaType: string): number {
  if (refusal !== undefined) return refusal.status;
  return data === undefined && !mediaType.startsWith('application/json') ? 400 : 200;
}

/**
 * Returns the headers of an answer: `Retry-After` where one of its errors says when to try again, the latest of these
 * times, also where others of its fields succeeded.
 */
export function answerHeaders({ errors, refusal }: OperationAnswer): Readonly<Record<string, string>> {
  if (refusal !== undefined) return refusal.headers;
  const seconds = errors.flatMap(({ extensions: { retryAfterSeconds } }) =>
    typeof retryAfterSeconds === 'number' ? [retryAfterSeconds] : [],
  );
  return seconds.length === 0 ? {} : { 'retry-after': String(Math.max(...seconds)) };
}

/** Converts an answer for Yoga, which then sends the same status and body. */
export function yogaResult(answer: OperationAnswer): ExecutionResult & { stringify: () => string } {
  const { data, errors, refusal } = answer;
  const http = refusal ?? { spec: true, status: 400 };
  const shown = data === undefined ? errors.map((error) => withHttp(error, http)) : errors;
  return {
    ...(shown.length > 0 && { errors: shown }),
    ...(data !== undefined && { data: null }),
    extensions: { http: { headers: answerHeaders(answer) } },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Yoga passes it on to Response, which also takes bytes.
    stringify: () => Buffer.concat(answerBody(answer)) as unknown as string,
  };
}

function withHttp(error: GraphQLError, http: object): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { http, ...extensions },
  });
}
