/** What a page for browsers reads of a request. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Shared by all answers: don't modify it. */
  readonly body: Uint8Array | null;
}

/** A page for browsers, with the files that it loads. */
export interface BrowserPage {
  /** Answers a GET, or a HEAD with the same; undefined for a request that is not for this page. */
  answer(request: PageRequest): Promise<PageAnswer | undefined>;
}

/** Programs don't ask for HTML. */
export function acceptsHtml(accept: string | null | undefined): boolean {
  return accept?.includes('text/html') === true;
}
