/** The part of a request that a page for browsers reads. */
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
  readonly body: Uint8Array<ArrayBuffer> | string | null;
}

/** A page for browsers, with its files. */
export interface BrowserPage {
  /** Answers a GET, or a HEAD with the same; undefined for a request that is not for this page. */
  answer(request: PageRequest): Promise<PageAnswer | undefined>;
}

/** Whether a client accepts HTML, as browsers do and programs don't. */
export function acceptsHtml(accept: string | null | undefined): boolean {
  return accept?.includes('text/html') === true;
}
