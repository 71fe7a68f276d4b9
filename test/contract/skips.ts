import { type TestFunction, test } from 'vitest';

/** What is left out of the suite, each with its reason. */
export interface Skips {
  /** Requests other than GET, HEAD and preflights. */
  readonly otherMethods?: string;
  /** Requests with a wrong key. */
  readonly wrongKey?: string;
  /** Auto-pagination of the official client. */
  readonly autoPagination?: string;
  /** Walks through the gateway. */
  readonly gateway?: string;
}

/** A test, or with a reason to skip it, the reason in its place. */
export function testUnless(reason: string | undefined, name: string, body: TestFunction): void {
  if (reason === undefined) test(name, body);
  else test.skip(`${name} (skipped: ${reason})`, body);
}
