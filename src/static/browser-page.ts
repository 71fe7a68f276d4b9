export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Shared by all answers: don't modify it. */
  readonly body: Uint8Array<ArrayBuffer> | string | null;
}

/**
 * A page for browsers, with its files. Answers a GET, or a HEAD with the same, by the headers and the path of the request;
 * undefined if it is not for this page.
 */
export type BrowserPage = (headers: Headers, path: string) => Promise<PageAnswer | undefined>;

/** Whether a client accepts HTML, as browsers do and programs don't. */
export function acceptsHtml(accept: string | null): boolean {
  return accept?.includes('text/html') === true;
}
