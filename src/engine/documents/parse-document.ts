import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { MAX_CHARACTERS, MAX_LINES, MAX_TOKENS } from '../limits.ts';
import { forbidConditions } from './subscription-conditions.ts';

/** Parses a document. @throws GraphQLError for one that is invalid or too large */
export function parseDocument(text: string): DocumentNode {
  assertLength(text);
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

/**
 * Returns the errors of a document; one for a document nested too deeply for the rules.
 *
 * @param rules by default the rules of graphql-js
 */
export function validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[] = specifiedRules,
): readonly GraphQLError[] {
  try {
    return validate(schema, document, forbidConditions(document, rules));
  } catch (error) {
    if (error instanceof RangeError) return [tooDeep()];
    throw error;
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

function tooDeep(): GraphQLError {
  return new GraphQLError('The document is nested too deeply.');
}

/**
 * Returns a request error, for a request that is not executed. It refers to positions in the source
 * rather than to nodes, which would keep the whole document in memory.
 */
export function requestError(error: unknown, code: string): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error;
  const { message, source, positions, extensions } = error;
  return new GraphQLError(message, {
    source: source ?? null,
    positions: positions ?? null,
    extensions: { ...extensions, code },
  });
}
