import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ExaminedUpstream } from '../examined-upstream.ts';
import { type Finding, ok, warning } from '../finding.ts';

export const CORRECT_PROJECT =
  'Correct LETTA_PROJECT or LETTA_PROJECT_ID, or leave them out. A project that is new may be empty.';

/** Whether the configured project selects runs. */
export async function checkProject(upstream: ExaminedUpstream): Promise<Finding> {
  const name = projectName(upstream);
  if (name === '') {
    if (!isCloud(upstream.options.upstreamUrl)) return ok('no project is set');
    const advice = 'Set LETTA_PROJECT or LETTA_PROJECT_ID, unless callers name theirs by X-Project.';
    return warning('no project is set: Letta Cloud chooses one', advice);
  }
  const [withProject, without] = await Promise.all(
    [true, false].map(async (hasProject) => {
      const found = await upstream.newest(hasProject);
      return found instanceof UpstreamError ? found.status : found.map(({ id }) => id).join();
    }),
  );
  if (withProject === without) {
    return ok(`${name} makes no difference to what is read: servers other than Letta Cloud ignore projects`);
  }
  return withProject === '' && typeof without === 'string'
    ? warning(`${name} has no runs, while there are some without it`, CORRECT_PROJECT)
    : ok(`${name} selects some of the runs`);
}

/** Returns the configured project, by name or id; empty if there is none. */
export function projectName({ options }: ExaminedUpstream): string {
  return Object.values(options.project).join(', ');
}

const isCloud = (url: string): boolean => /^https:\/\/api\.letta\.com(?:\/|$)/.test(url);
