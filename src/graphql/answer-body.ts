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
