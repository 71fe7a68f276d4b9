import type { IncomingHttpHeaders } from 'node:http';
import { unknownFile } from '../server/failure.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import { acceptsHtml } from '../server/request-headers.ts';
import { FILE_PARAMETER, loadSite, type Site } from './site.ts';

interface PageRequest {
  readonly method: string;
  /** The query string, without its question mark. */
  readonly search: string;
  /** By lower-case names. */
  readonly headers: IncomingHttpHeaders;
}

/** GraphiQL: a small page, and files that browsers keep. */
export interface Graphiql {
  /** Answers a GET or HEAD by a browser, or for a file of GraphiQL; undefined for any other. */
  answer(request: PageRequest, requestId: string): Promise<HttpAnswer | undefined>;
}

/** @param requiresToken whether the page has to ask for an access token */
export function createGraphiql({ requiresToken }: { readonly requiresToken: boolean }): Graphiql {
  let site: Promise<Site> | undefined;
  const prepare = async (): Promise<Site> => {
    try {
      return await (site ??= loadSite(requiresToken));
    } catch (error) {
      site = undefined;
      throw error;
    }
  };
  return {
    async answer({ method, search, headers }, requestId) {
      if (method !== 'GET' && method !== 'HEAD') return undefined;
      if (search.startsWith(FILE_PARAMETER) && !search.includes('&')) {
        const { files } = await prepare();
        const file = files.get(search.slice(FILE_PARAMETER.length));
        return file === undefined ? unknownFile(requestId) : file.answer(headers);
      }
      return acceptsHtml(headers.accept) ? (await prepare()).page.answer(headers) : undefined;
    },
  };
}
