import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ExaminedUpstream } from '../examined-upstream.ts';
import { explain } from '../explain.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

const CORRECT_PROJECT =
  'Correct LETTA_PROJECT or LETTA_PROJECT_ID, or leave them out. A project that is new may be empty.';

/** Whether the upstream accepts the key, and the key sees runs. */
export async function checkCredentials(upstream: ExaminedUpstream): Promise<Finding> {
  const newestRuns = await upstream.newest();
  if (newestRuns instanceof UpstreamError) {
    const name = projectName(upstream);
    const isOfProject = name !== '' && !((await upstream.newest(false)) instanceof UpstreamError);
    if (isOfProject) return problem(`the project ${name} is refused: ${newestRuns.message}`, CORRECT_PROJECT);
    return newestRuns.status === 401 ? refusedKey(upstream) : explain(newestRuns);
  }
  const key = upstream.options.apiKey === undefined ? 'no key is needed' : 'the key is accepted';
  const [newest] = newestRuns;
  if (newest !== undefined) return ok(`${key}; the newest run was created at ${newest.createdAt}`);
  const advice = 'If there should be some: is the key, the project or LETTA_BASE_URL for another server?';
  return warning(`${key}, but there are no runs`, advice);
}

function refusedKey({ options: { apiKey } }: ExaminedUpstream): Finding {
  if (apiKey === undefined) {
    const advice = 'Set LETTA_API_KEY, unless all callers send an Authorization of their own.';
    return problem('a key is needed (401), and none is set', advice);
  }
  const advice =
    'Correct LETTA_API_KEY, or LETTA_BASE_URL if it is the key of another server: keys of Letta Cloud begin with sk-let-.';
  return problem('the key is refused (401)', advice);
}

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
function projectName({ options }: ExaminedUpstream): string {
  return Object.values(options.project).join(', ');
}

const isCloud = (url: string): boolean => /^https:\/\/api\.letta\.com(?:\/|$)/.test(url);
