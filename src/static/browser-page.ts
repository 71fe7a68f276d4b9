/** The part of a request that a page for browsers reads. */
interface PageRequest {
  readonly path: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Shared by all answers: don't modify it. */
  readonly body: Uint8Array<ArrayBuffer> | string | null;
}

/** Answers with a file in an encoding that the browser accepts, or with 304 if the browser has the file. */
export type StaticFile = (request: PageRequest) => Promise<PageAnswer>;

/** A page for browsers, with its files. Answers a GET, or a HEAD with the same; undefined if it has nothing there. */
export type BrowserPage = (request: PageRequest) => Promise<PageAnswer | undefined>;

/**
 * Creates a page that is loaded when it is first requested, and again after that has failed.
 *
 * @param load returns what has the file at a path
 * @param isForAll whether what is at a path is served to programs as well
 */
export function createBrowserPage(
  load: () => Promise<(path: string) => StaticFile | undefined>,
  isForAll = (_path: string): boolean => false,
): BrowserPage {
  let loading: ReturnType<typeof load> | undefined;
  return async (request) => {
    const { path } = request;
    if (!isForAll(path) && !acceptsHtml(request.header('accept'))) return undefined;
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return (await loading)(path)?.(request);
  };
}

/** Whether a client accepts HTML, as browsers do and programs don't. */
export function acceptsHtml(accept: string | null | undefined): boolean {
  return accept?.includes('text/html') === true;
}
