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
