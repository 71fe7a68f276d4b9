import type { Reply } from './reply.ts';

/** Thrown to answer a request with an error reply. */
export class HttpError extends Error {
  override readonly name = 'HttpError' as const;
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered with ${reply.status}`);
    this.reply = reply;
  }
}
