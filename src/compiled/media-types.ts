const SERVED = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/** Headers that are remembered; there are few among well-meaning clients. */
const MAX_HEADERS = 100;

/** The `content-type` of an answer to an `Accept` header; undefined where it is none of plain JSON. */
export type MediaTypes = (accept: string | undefined) => Promise<string | undefined>;

/**
 * Content negotiation as the server does it: its answer to a trivial query is looked at once for
 * each header, so that there is no second set of rules to keep in step.
 *
 * @param ask sends a query that can't fail with this `Accept` header
 */
export function createMediaTypes(ask: (accept: string | undefined) => Promise<Response>): MediaTypes {
  const known = new Map<string | undefined, string | undefined>();
  return async (accept) => {
    if (known.has(accept)) return known.get(accept);
    const answer = await ask(accept);
    const type = answer.headers.get('content-type') ?? '';
    const served = answer.status === 200 && SERVED.includes(type) ? type : undefined;
    if (known.size < MAX_HEADERS) known.set(accept, served);
    return served;
  };
}
