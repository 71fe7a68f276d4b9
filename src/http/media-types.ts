const SERVED = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/** Headers that are remembered; there are few among well-meaning clients. */
const MAX_HEADERS = 100;

/** Content negotiation as the server does it: its answer is looked at, so that there is no second set of rules. */
export interface MediaTypes {
  /** The `content-type` of an answer to an `Accept` header, if it is known and plain JSON. */
  known(accept: string | undefined): string | undefined;
  /** The same, found out now; undefined where it is none of plain JSON. */
  ask(accept: string | undefined): Promise<string | undefined>;
}

/** @param trivialQuery sends a query that can't fail with this `Accept` header */
export function createMediaTypes(
  trivialQuery: (accept: string | undefined) => Promise<Response>,
): MediaTypes {
  const known = new Map<string | undefined, string | undefined>();
  return {
    known: (accept) => known.get(accept),
    async ask(accept) {
      if (known.has(accept)) return known.get(accept);
      const answer = await trivialQuery(accept);
      const type = answer.headers.get('content-type') ?? '';
      const served = answer.status === 200 && SERVED.includes(type) ? type : undefined;
      if (known.size < MAX_HEADERS) known.set(accept, served);
      return served;
    },
  };
}
