import type { GraphQLError } from 'graphql';

/**
 * The bytes of an answer. Texts in `data` are written as Latin-1, which makes of them the bytes
 * that they were read from; errors, which may quote an argument, as UTF-8.
 */
export function writeResult(
  data: Readonly<Record<string, unknown>>,
  errors: readonly GraphQLError[],
): Uint8Array {
  const dataText = JSON.stringify(data);
  if (errors.length === 0) return Buffer.from(`{"data":${dataText}}`, 'latin1');
  return Buffer.concat([
    Buffer.from(`{"errors":${JSON.stringify(errors)},"data":`, 'utf8'),
    Buffer.from(`${dataText}}`, 'latin1'),
  ]);
}
