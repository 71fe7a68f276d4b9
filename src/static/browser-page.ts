/** The response to a request for a page or a file, independent of the HTTP server. */
export interface StaticResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Shared by all responses: don't modify it. */
  readonly body: Uint8Array<ArrayBuffer> | string | null;
}

/** Answers with a file in an encoding that the browser accepts, or with 304 if the browser has the file. */
export type StaticFile = (headers: Headers) => Promise<StaticResponse>;

/**
 * A page for browsers, with its files. Answers a GET, or a HEAD with the same, by the headers and the path of the request;
 * undefined if it is not for this page.
 */
export type BrowserPage = (headers: Headers, path: string) => Promise<StaticResponse | undefined>;

/**
 * Creates a page that is loaded at the first request, and again if loading has failed.
 *
 * @param load returns a function that finds the file at a path
 * @param isForAll whether the file at a path is served to programs as well
 */
export function createBrowserPage(
  load: () => Promise<(path: string) => StaticFile | undefined>,
  isForAll = (_path: string): boolean => false,
): BrowserPage {
  let loading: ReturnType<typeof load> | undefined;
  return async (headers, path) => {
    if (!isForAll(path) && !acceptsHtml(headers.get('accept'))) return undefined;
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return (await loading)(path)?.(headers);
  };
}

/** Whether a client accepts HTML, as browsers do and programs don't. */
export function acceptsHtml(accept: string | null): boolean {
  return accept?.includes('text/html') === true;
}
