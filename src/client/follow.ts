import { ApiError } from './api-error.ts';

/** Codes of a cursor that can't be resumed from. */
const LOST_CURSOR_CODES = ['CURSOR_TOO_OLD', 'INVALID_CURSOR'];
/** Milliseconds before the first attempt to connect again. */
const FIRST_DELAY_MS = 1_000;

/** A list of runs, or another list whose changes can be subscribed to. */
interface Followed<Event> {
  /** The cursor that the list was read with, if it was. */
  readonly after?: string | null | undefined;
  /**
   * Reads the list, and returns the cursor after which its changes follow.
   *
   * @param lostCode why the last cursor can't be resumed from, if there was one
   */
  readonly begin: (lostCode: string | undefined) => Promise<string | null>;
  /** Connects, and yields the changes after a cursor. */
  readonly subscribe: (after: string | null) => AsyncIterable<Event>;
  /**
   * Waits until the next attempt to connect.
   *
   * @param failures how many attempts have failed since the last change
   * @throws an error that ends the following
   */
  readonly wait: (error: unknown, failures: number) => Promise<void>;
}

/**
 * Yields the changes of a list without end: after a lost connection it goes on after the last change, and where its cursor
 * is too old or unknown, it reads the list anew.
 */
export async function* follow<Event extends { readonly cursor: string | null }>(
  list: Followed<Event>,
): AsyncGenerator<Event, never> {
  let cursor: string | null | undefined = list.after;
  let lostCode: string | undefined;
  for (let failures = 0; ; failures += 1) {
    let failure: unknown = new ApiError({
      message: 'The gateway ended the stream.',
      extensions: { retryable: true },
    });
    try {
      if (cursor === undefined) cursor = await list.begin(lostCode);
      for await (const event of list.subscribe(cursor)) {
        failures = 0;
        cursor = event.cursor;
        yield event;
      }
    } catch (error) {
      failure = error;
      // While the list is read, a cursor in an error is one of a page.
      if (cursor !== undefined && error instanceof ApiError) {
        lostCode = isCursorLost(error) ? error.extensions.code : undefined;
        cursor = lostCode === undefined ? (error.extensions.cursor ?? cursor) : undefined;
      }
    }
    await list.wait(failure, failures);
  }
}

/** Whether an error says that the cursor can't be resumed from, so that the list has to be read anew. */
export const isCursorLost = ({ extensions: { code = '' } }: ApiError): boolean =>
  LOST_CURSOR_CODES.includes(code);

/**
 * Returns the milliseconds until the next attempt: twice as long after each failure, with jitter, and no less than the
 * gateway asks for.
 */
export function retryDelayMs(
  { extensions: { retryAfterSeconds = 0 } }: ApiError,
  failures: number,
  maxMs: number,
): number {
  const backoffMs = Math.min(maxMs, FIRST_DELAY_MS * 2 ** failures) * (1 + Math.random()) * 0.5;
  return Math.max(retryAfterSeconds * 1000, backoffMs);
}
