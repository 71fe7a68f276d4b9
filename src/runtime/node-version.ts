/** The oldest supported major version of Node; keep `engines` in package.json the same. */
const MIN_NODE = 24;

/**
 * Returns a sentence that says why this version of Node is not supported; undefined if it is.
 *
 * @param version such as `20.20.2`; undefined in other runtimes
 */
export function nodeProblem(version: string | undefined): string | undefined {
  const major = Number.parseInt(version ?? '', 10);
  if (Number.isNaN(major) || major >= MIN_NODE) return undefined;
  return `runs-gateway needs Node ${MIN_NODE} or newer, but this is Node ${version}.`;
}
