/** Paths of the gateway that GraphQL can't have. */
const RESERVED_PATHS = ['/health', '/ready', '/metrics'] as const;

export const DEFAULT_ENDPOINT = '/graphql';

/** Segments of unreserved characters, which no router or URL parser changes. */
const PATH = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+)$/;
const ALLOWED = `a path such as ${DEFAULT_ENDPOINT} or /api/graphql: segments of letters, digits and -._~, each after a "/", with no trailing "/"`;

/** @throws TypeError for an invalid or reserved path */
export function checkEndpoint(endpoint: string): void {
  if (typeof endpoint !== 'string' || !PATH.test(endpoint)) {
    throw new TypeError(`endpoint: expected ${ALLOWED}; but got ${JSON.stringify(endpoint)}`);
  }
  if (RESERVED_PATHS.some((path) => path === endpoint)) {
    throw new TypeError(
      `endpoint: expected a path other than ${RESERVED_PATHS.join(', ')}, which are reserved; but got ${JSON.stringify(endpoint)}`,
    );
  }
}
