import { type ExecutionResult, GraphQLError } from 'graphql';
import type { OperationAnswer } from './operations.ts';

/** How a request is answered whose operation needs another method. */
export const NOT_ALLOWED = { status: 405, headers: { allow: 'POST' } };

const CLOSING = Buffer.from('}');

/**
 * The JSON of an answer. Errors come first, as in the specification's examples; the data, which may
 * be shared with other answers, is left as it is.
 */
export function answerBody({ data, errors, extensions }: OperationAnswer): readonly Uint8Array[] {
  if (data !== undefined && errors.length === 0 && extensions === undefined) return [data];
  const head = errors.length === 0 ? '{' : `{"errors":${JSON.stringify(errors)}`;
  const tail = extensions === undefined ? '}' : `,"extensions":${JSON.stringify(extensions)}}`;
  if (data === undefined) return [Buffer.from(head + tail)];
  // In place of the data's own braces.
  const separator = errors.length === 0 ? '' : ',';
  return [Buffer.from(head + separator), data.subarray(1, -1), tail === '}' ? CLOSING : Buffer.from(tail)];
}

/** The status that GraphQL over HTTP wants; with `application/json` an answer that holds errors is 200. */
export function answerStatus({ data, isNotAllowed }: OperationAnswer, mediaType: string): number {
  if (isNotAllowed) return NOT_ALLOWED.status;
  return data === undefined && !mediaType.startsWith('application/json') ? 400 : 200;
}

/** The answer as Yoga takes it, to give it the same status and body. */
export function yogaResult(answer: OperationAnswer): ExecutionResult & { stringify: () => string } {
  const { data, errors, isNotAllowed } = answer;
  const http = isNotAllowed ? NOT_ALLOWED : { spec: true, status: 400 };
  const shown = data === undefined ? errors.map((error) => withHttp(error, http)) : errors;
  return {
    ...(shown.length > 0 && { errors: shown }),
    ...(data !== undefined && { data: null }),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A body is bytes as well as text.
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
