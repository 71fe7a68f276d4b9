/** The oldest release of Node that the tests run the package with; keep `engines` in package.json the same. */
const [MIN_MAJOR, MIN_MINOR] = [24, 16];

/**
 * Returns a sentence that says why this version of Node is not supported; undefined if it is.
 *
 * @param version such as `20.20.2`; undefined in other runtimes
 */
export function nodeProblem(version: string | undefined): string | undefined {
  const [major = Number.NaN, minor = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10));
  if (Number.isNaN(major) || major > MIN_MAJOR || (major === MIN_MAJOR && minor >= MIN_MINOR))
    return undefined;
  return `runs-gateway needs Node ${MIN_MAJOR}.${MIN_MINOR} or newer, but this is Node ${version}.`;
}
