import type { ExaminedUpstream } from '../examined-upstream.ts';
import { type Facts, type FactsOf, type Finding, note, ok, problem } from '../finding.ts';
import { CLOUD, differences, REFERENCE, releaseOf, type Server } from '../servers.ts';

/** Which server it is, and what differs there from the one that this gateway was made for. */
export async function server(
  { options }: ExaminedUpstream,
  factsOf: FactsOf,
): Promise<Finding | readonly Finding[]> {
  const version = String(factsOf('connection')['version'] ?? '');
  if (isCloud(options.baseUrl, factsOf))
    return differing(CLOUD, `${CLOUD.name}, or like it${version === '' ? '' : ` (${version})`}`);
  const known = releaseOf(version);
  if (known === undefined) {
    const advice = 'What this gateway knows of releases can not be compared.';
    return note('does not tell its version', advice, undefined, 'a server of an unknown version');
  }
  const name = `Letta ${version}`;
  const facts = { version };
  if (known.release === undefined) {
    const text = `${name} is too old: it has another API of runs`;
    return problem(text, 'Update it to 0.12.0 or newer.', facts, name);
  }
  if (!known.isNewer) return differing(known.release, name, facts);
  const text = `${name} is newer than ${REFERENCE.name}, which this gateway was made for`;
  return note(text, undefined, facts, name);
}

/** By its address, or by what only the Cloud is known to do. */
function isCloud(baseUrl: string, factsOf: FactsOf): boolean {
  if (/^https:\/\/api\.letta\.com(?:\/|$)/.test(baseUrl)) return true;
  return factsOf('agents')['pageSize'] === 200 && factsOf('internal list')['state'] === 'missing';
}

function differing(release: Server, name: string, facts?: Facts): readonly Finding[] {
  const known = ok(`${name}, known from ${release.source}`, facts, name);
  return [known, ...differences(release).map(([difference, effect]) => note(difference, effect))];
}
