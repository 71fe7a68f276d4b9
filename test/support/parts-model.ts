import type { DetailsAnswer } from './details-upstream.ts';
import { type WireStep, wireText } from './random-steps.ts';
import { listedIds, type TimeListRequest } from './time-list.ts';

/**
 * The lists of one run as Letta 0.16.7 serves them, with their faults: a default limit of 100, cursors
 * that mean something else in each list and order, steps of one instant that are repeated or lost in
 * descending order, and pages of messages that depend on where they begin. Nothing here comes from `src`.
 */

/** A step with the time of its creation, which orders the list and isn't sent. */
export interface TimedStep {
  readonly id: string;
  readonly created_at: string;
  readonly wire: WireStep;
}

/** A stored message, and what it becomes. */
export interface StoredItems {
  /** Null if nothing that it becomes has an id. */
  readonly id: string | null;
  readonly items: readonly unknown[];
  /** Left out of a page that has the stored message before it, as is what `send_message` returned. */
  readonly isReturn: boolean;
}

const DEFAULT_LIMIT = 100;
const NOT_FOUND = { status: 404, body: '{"detail":"secret words"}' } as const;
const CROSSED = { status: 400, body: '{"detail":"secret words"}' } as const;
const FAILED = { status: 500, body: '{"detail":"secret words"}' } as const;

function readQuery(query: URLSearchParams): TimeListRequest & { readonly limit: number } {
  const order = query.get('order');
  return {
    order: order === 'asc' || order === 'desc' ? order : undefined,
    limit: Number(query.get('limit') ?? DEFAULT_LIMIT),
    after: query.get('after') ?? undefined,
    before: query.get('before') ?? undefined,
  };
}

/** The whole list, oldest first; those of one time by their ids. */
export function inOrder(steps: readonly TimedStep[]): readonly TimedStep[] {
  return steps.toSorted(
    (a, b) => a.created_at.localeCompare(b.created_at, 'en') || a.id.localeCompare(b.id, 'en'),
  );
}

export function answerSteps(steps: readonly TimedStep[], query: URLSearchParams): DetailsAnswer {
  const request = readQuery(query);
  if (request.limit < 0) return FAILED;
  const known = new Map(steps.map(({ id, wire }) => [id, wire]));
  const { after, before } = request;
  if ([after, before].some((id) => id !== undefined && !known.has(id))) return NOT_FOUND;
  const ids = listedIds(steps, steps, request, 'desc');
  return ids === undefined ? CROSSED : wireText(ids.map((id) => known.get(id)));
}

/** @param stored oldest first */
export function answerMessages(stored: readonly StoredItems[], query: URLSearchParams): DetailsAnswer {
  const { order = 'asc', limit, after, before } = readQuery(query);
  if (limit < 0) return FAILED;
  const indexOf = (id: string) => stored.findIndex((message) => message.id === id);
  const from = after === undefined ? -1 : indexOf(after);
  const to = before === undefined ? stored.length : indexOf(before);
  if ((after !== undefined && from === -1) || to === -1) return NOT_FOUND;
  // Later and earlier in time, in both orders; the limit counts stored messages.
  const between = [...stored.keys()].filter((index) => index > from && index < to);
  const page = new Set((order === 'asc' ? between : between.toReversed()).slice(0, limit));
  const items = [...page].flatMap((index) => {
    const message = stored[index];
    if (message === undefined || (message.isReturn && page.has(index - 1))) return [];
    return order === 'asc' ? message.items : message.items.toReversed();
  });
  return JSON.stringify(items);
}
