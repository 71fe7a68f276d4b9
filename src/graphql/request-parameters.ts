import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { parseInputJson } from '../json/parse-json.ts';
import { ID_PARAMETERS } from './documents/requested-document.ts';

/** Parses requests in place of Yoga, whose `JSON.parse` confuses keys; see {@link parseInputJson}. */
export function useRequestParameters(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(readSearch);
      else if (requestParser !== undefined) {
        setRequestParser((limited) => requestParser(withJson(limited)));
      }
    },
  };
}

/** As Yoga does it: of parameters that are given twice the first counts, and empty ones are absent. */
function readSearch({ url }: Request): GraphQLParams {
  const texts = new URL(url).searchParams;
  const parameters: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'variables', 'extensions', ...ID_PARAMETERS]) {
    const text = texts.get(name);
    if (text === null || text === '') continue;
    const isJson = name === 'variables' || name === 'extensions';
    parameters[name] = isJson ? parseInputJson(text) : text;
  }
  return parameters;
}

/** Returns the request with a `json` of our own. */
function withJson(request: Request): Request {
  return Object.defineProperty(request, 'json', {
    value: async () => parseInputJson(await request.text()),
  });
}
