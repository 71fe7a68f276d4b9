import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { MAX_CHARACTERS, MAX_LINES, MAX_TOKENS } from '../limits.ts';
import { completingMessages } from './complete-messages.ts';

/** A valid document, or its errors. */
export type CheckedDocument =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

/**
 * Parses and validates an untrusted document. Documents that are too large, or nested too deeply for
 * the validation rules, are rejected like invalid ones.
 */
export function checkDocument(schema: GraphQLSchema, text: string): CheckedDocument {
  let document: DocumentNode;
  try {
    assertLength(text);
    document = parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return { errors: [requestError(error, 'GRAPHQL_PARSE_FAILED')] };
  }
  try {
    const errors = validate(schema, document);
    if (errors.length === 0) return { document };
    const complete = completingMessages(schema, document);
    return {
      errors: errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED', complete(error))),
    };
  } catch (error) {
    return { errors: [requestError(error, 'GRAPHQL_VALIDATION_FAILED')] };
  }
}

function assertLength(text: string): void {
  if (text.length > MAX_CHARACTERS) {
    throw new GraphQLError(`The document has more than ${MAX_CHARACTERS} characters.`);
  }
  let lines = 1;
  for (const _line of text.matchAll(/\r\n|[\n\r]/g)) lines++;
  if (lines > MAX_LINES) throw new GraphQLError(`The document has more than ${MAX_LINES} lines.`);
}

/**
 * Returns a request error, for a request that is not executed. It refers to positions in the source
 * rather than to nodes, which would keep the whole document in memory.
 *
 * @param message if it isn't that of the error
 */
export function requestError(error: unknown, code: string, message?: string): GraphQLError {
  if (error instanceof RangeError) return requestError(TOO_DEEP, code);
  if (!(error instanceof GraphQLError)) throw error;
  const { source, positions, extensions } = error;
  return new GraphQLError(message ?? error.message, {
    source: source ?? null,
    positions: positions ?? null,
    extensions: { ...extensions, code },
  });
}

const TOO_DEEP = new GraphQLError('The document is nested too deeply.');
