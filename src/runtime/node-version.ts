/** The oldest major release of Node that runs the gateway; `engines` in package.json says the same. */
export const MIN_NODE = 24;

/**
 * What is wrong with a release of Node, as one sentence; undefined if nothing is.
 *
 * @param version such as `20.20.2`; undefined where there is none
 */
export function nodeProblem(version: string | undefined): string | undefined {
  const major = Number.parseInt(version ?? '', 10);
  if (Number.isNaN(major) || major >= MIN_NODE) return undefined;
  return `runs-gateway needs Node ${MIN_NODE} or newer, but this is Node ${version}.`;
}
