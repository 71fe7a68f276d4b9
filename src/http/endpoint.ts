import { OWN_PATHS } from './routes.ts';

export const DEFAULT_ENDPOINT = '/graphql';

/** Segments of letters, digits and `-._~`, which every router and URL leaves as they are. */
const PATH = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+)$/;
const ALLOWED = `a path such as ${DEFAULT_ENDPOINT} or /api/graphql: "/" before each part, parts of letters, digits and -._~, no "/" at the end`;

/** @throws TypeError for anything that is no path of its own */
export function checkEndpoint(endpoint: string): string {
  if (typeof endpoint !== 'string' || !PATH.test(endpoint)) {
    throw new TypeError(`endpoint: expected ${ALLOWED}; but got ${JSON.stringify(endpoint)}`);
  }
  if (OWN_PATHS.some((path) => path === endpoint)) {
    throw new TypeError(
      `endpoint: expected another path than ${OWN_PATHS.join(', ')}, which answer something else; but got ${JSON.stringify(endpoint)}`,
    );
  }
  return endpoint;
}
