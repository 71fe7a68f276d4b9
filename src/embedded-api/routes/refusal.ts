import type { Reply } from './reply.ts';

/** A refusal that a route raises from below; the API answers with `reply`. */
export class Refusal extends Error {
  override readonly name = 'Refusal' as const;
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`answered with ${reply.status}`);
    this.reply = reply;
  }
}
