const SERVED = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/** Distinct headers that are remembered; well-behaved clients send few. */
const MAX_HEADERS = 100;

/** Content negotiation, learned from the server's own responses, so that its rules exist only once. */
export interface MediaTypes {
  /** Returns the `content-type` for an `Accept` header if it is known by now and plain JSON. */
  known(accept: string | undefined): string | undefined;
  /** Determines the `content-type`; undefined if it isn't plain JSON. */
  ask(accept: string | undefined): Promise<string | undefined>;
}

/** @param trivialQuery sends a query that is always answered at once, with the given `Accept` header */
export function createMediaTypes(
  trivialQuery: (accept: string | undefined) => Promise<Response>,
): MediaTypes {
  // Written by any caller's header, up to a number; a type depends on nothing but its own header.
  const known = new Map<string | undefined, string | undefined>();
  const asked = new Map<string | undefined, Promise<string | undefined>>();

  const learn = async (accept: string | undefined): Promise<string | undefined> => {
    const answer = await trivialQuery(accept);
    const type = answer.headers.get('content-type') ?? '';
    // Whatever its status: if only trusted documents are executed, this query is refused.
    const served = SERVED.includes(type) ? type : undefined;
    if (known.size < MAX_HEADERS) known.set(accept, served);
    return served;
  };

  return {
    known: (accept) => known.get(accept),
    async ask(accept) {
      if (known.has(accept)) return known.get(accept);
      const answer = asked.get(accept) ?? learn(accept).finally(() => asked.delete(accept));
      asked.set(accept, answer);
      return answer;
    },
  };
}
