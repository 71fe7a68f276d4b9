import { GraphQLError, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';

/** Tokens of a document; people and their tools need a few hundred. */
const MAX_TOKENS = 10_000;
/** Characters of all documents that are kept parsed; parsed, they take some hundred times as much memory. */
const MAX_CACHED_CHARACTERS = 200_000;
/** Characters of one that is kept. */
const MAX_CACHED_DOCUMENT = 10_000;

/** A cache by the text of documents, bounded by their length; those used longest ago go first. */
export function createDocumentCache<Value extends object>(): LRUCache<string, Value> {
  return new LRUCache<string, Value>({
    maxSize: MAX_CACHED_CHARACTERS,
    maxEntrySize: MAX_CACHED_DOCUMENT,
    sizeCalculation: (_value, text) => text.length + 1,
  });
}

/** Refuses documents of too many tokens, or nested deeper than the parser and its rules can follow. */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) =>
        withinStack(() => parse(source, { ...options, maxTokens: MAX_TOKENS })),
      );
    },
    onValidate({ setValidationFn }) {
      setValidationFn((...args) => {
        try {
          return withinStack(() => validate(...args));
        } catch (error) {
          if (error instanceof GraphQLError) return [error];
          throw error;
        }
      });
    },
  };
}

function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError('The document is nested too deeply.', {
      extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { spec: true, status: 400 } },
    });
  }
}
