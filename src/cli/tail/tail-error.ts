/** Watching can't go on, and trying again wouldn't help; the message is for whoever has started it. */
export class TailError extends Error {
  override readonly name = 'TailError' as const;
}
