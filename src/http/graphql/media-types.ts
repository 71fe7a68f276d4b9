import { LRUCache } from 'lru-cache';
import { EVENT_STREAM } from './event-stream.ts';

const SERVED = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  EVENT_STREAM,
];

/** Distinct headers that are remembered, those used last; well-behaved clients send few. */
const MAX_HEADERS = 100;

/** What a header negotiates; undefined for what is neither plain JSON nor server-sent events. */
interface Negotiated {
  readonly type: string | undefined;
}

/** Content negotiation, learned from the server's own responses, so that its rules exist only once. */
export interface MediaTypes {
  /** Returns the `content-type` for an `Accept` header if it is known by now and served here. */
  known(accept: string | undefined): string | undefined;
  /** Determines the `content-type`; undefined if it is for the server. */
  ask(accept: string | undefined): Promise<string | undefined>;
}

/** @param trivialQuery sends a query that is always answered at once, with the given `Accept` header */
export function createMediaTypes(
  trivialQuery: (accept: string | undefined) => Promise<Response>,
): MediaTypes {
  // Written by any caller's header; a type depends on nothing but its own header.
  const known = new LRUCache<string, Negotiated>({ max: MAX_HEADERS });
  const asked = new Map<string, Promise<Negotiated>>();

  const learn = async (accept: string | undefined): Promise<Negotiated> => {
    const answer = await trivialQuery(accept);
    const type = answer.headers.get('content-type') ?? '';
    // Whatever its status: if only trusted documents are executed, this query is refused.
    const negotiated = { type: SERVED.includes(type) ? type : undefined };
    known.set(keyOf(accept), negotiated);
    return negotiated;
  };

  return {
    known: (accept) => known.get(keyOf(accept))?.type,
    async ask(accept) {
      const key = keyOf(accept);
      const negotiated = known.get(key);
      if (negotiated !== undefined) return negotiated.type;
      const answer = asked.get(key) ?? learn(accept).finally(() => asked.delete(key));
      asked.set(key, answer);
      return (await answer).type;
    },
  };
}

/** An empty header and none accept the same. */
function keyOf(accept: string | undefined): string {
  return accept ?? '';
}
