import type { GraphQLError } from 'graphql';

/** The bytes of a result's data. Texts are written as Latin-1: as the bytes that they were read from. */
export function writeData(data: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.from(`"data":${JSON.stringify(data)}}`, 'latin1');
}

const NO_ERRORS = Buffer.from('{');

/** The bytes of an answer in two parts. Errors, which may quote an argument, are written as UTF-8. */
export function writeAnswer(
  data: Uint8Array,
  errors: readonly GraphQLError[],
): readonly [head: Uint8Array, data: Uint8Array] {
  if (errors.length === 0) return [NO_ERRORS, data];
  return [Buffer.from(`{"errors":${JSON.stringify(errors)},`, 'utf8'), data];
}
