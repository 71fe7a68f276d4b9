import { UpstreamError } from '../../errors/upstream-error.ts';
import type { ExaminedUpstream } from '../examined-upstream.ts';
import { explain } from '../explain.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import { CORRECT_PROJECT, projectName } from './project.ts';

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
