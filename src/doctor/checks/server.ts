import type { Check } from '../check.ts';
import type { Facts, Finding } from '../finding.ts';
import { note, ok, problem } from '../finding.ts';
import { CLOUD, differences, REFERENCE, releaseOf, type Server } from '../servers.ts';

/** Which server it is, and what differs there from the one that this gateway was made for. */
export const server: Check = {
  name: 'server',
  needs: ['connection'],
  isQuick: true,
  async run({ options }, found) {
    const { version = '' } = found('connection');
    const text = String(version);
    if (isCloud(options.baseUrl, found))
      return differing(CLOUD, `${CLOUD.name}, or like it${text === '' ? '' : ` (${text})`}`);
    const known = releaseOf(text);
    if (known === undefined) {
      return note('does not tell its version', 'What this gateway knows of releases can not be compared.', {
        brief: 'a server of an unknown version',
      });
    }
    const name = `Letta ${text}`;
    const details = { brief: name, facts: { version: text } };
    if (known.release === undefined) {
      return problem(
        `${name} is too old: it has another API of runs`,
        'Update it to 0.12.0 or newer.',
        details,
      );
    }
    if (known.isNewer) {
      return note(
        `${name} is newer than ${REFERENCE.name}, which this gateway was made for`,
        undefined,
        details,
      );
    }
    return differing(known.release, name, details);
  },
};

/** By its address, or by what only the Cloud is known to do. */
function isCloud(baseUrl: string, found: (check: string) => Facts): boolean {
  if (/^https:\/\/api\.letta\.com(?:\/|$)/.test(baseUrl)) return true;
  return found('agents')['pageSize'] === 200 && found('internal list')['state'] === 'missing';
}

function differing(
  release: Server,
  name: string,
  details: Pick<Finding, 'brief' | 'facts'> = { brief: name },
): readonly Finding[] {
  const known = ok(`${name}, known from ${release.source}`, details);
  return [known, ...differences(release).map(([difference, effect]) => note(difference, effect))];
}
