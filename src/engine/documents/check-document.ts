import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';

/** Tokens of a document; people and their tools need a few hundred. */
const MAX_TOKENS = 10_000;

/** A document that may be executed, or what is wrong with it. */
export type CheckedDocument =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

/**
 * Parses and validates a document. One of too many tokens, or nested deeper than the rules can
 * follow, is refused like one that is wrong. The text is trusted in nothing.
 */
export function checkDocument(schema: GraphQLSchema, text: string): CheckedDocument {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return { errors: [requestError(error, 'GRAPHQL_PARSE_FAILED')] };
  }
  try {
    const errors = validate(schema, document);
    if (errors.length === 0) return { document };
    return { errors: errors.map((error) => requestError(error, 'GRAPHQL_VALIDATION_FAILED')) };
  } catch (error) {
    return { errors: [requestError(error, 'GRAPHQL_VALIDATION_FAILED')] };
  }
}

/**
 * What is wrong with a request as such: nothing of it is executed. It remembers its place in the
 * text rather than the nodes there, which would keep the whole document.
 */
export function requestError(error: unknown, code: string): GraphQLError {
  if (error instanceof RangeError) return requestError(TOO_DEEP, code);
  if (!(error instanceof GraphQLError)) throw error;
  const { message, source, positions, extensions } = error;
  return new GraphQLError(message, {
    source: source ?? null,
    positions: positions ?? null,
    extensions: { ...extensions, code },
  });
}

const TOO_DEEP = new GraphQLError('The document is nested too deeply.');
