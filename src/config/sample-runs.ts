import { isLoopback } from '../server/hosts.ts';
import type { Config } from './config.ts';

const SET_UPSTREAM = 'set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server)';

/**
 * Returns why a gateway without an upstream must not serve sample runs: they look real, so they would
 * mislead clients that reach them, and operators who want real ones.
 *
 * @param nodeEnv what `NODE_ENV` says
 */
export function sampleProblems(settings: Config, nodeEnv?: string): readonly string[] {
  const { upstreamUrl, apiKey, project, projectId, host, adminHost = host, sampleRuns } = settings;
  if (upstreamUrl !== undefined) return [];
  // An operator who names a project wants its runs, not samples.
  if ((project ?? projectId) !== undefined) {
    const name = project === undefined ? 'LETTA_PROJECT_ID' : 'LETTA_PROJECT';
    return [`${name}: the embedded runs API has no projects; ${SET_UPSTREAM}`];
  }
  if (sampleRuns === true) return [];
  const why = [
    sampleRuns === false && 'SAMPLE_RUNS: off, so that there is nothing to serve',
    apiKey !== undefined && 'apiKey: it is not said for which upstream',
    !isLoopback(host) && `HOST: others can reach ${host}, and would take sample runs for real ones`,
    !isLoopback(adminHost) && `ADMIN_HOST: others can reach ${adminHost}, and would watch sample runs`,
    nodeEnv === 'production' && 'NODE_ENV: sample runs would be served in production',
  ].find((reason) => reason !== false);
  return why === undefined
    ? []
    : [`${why}; ${SET_UPSTREAM}, or pass --sample-runs if sample runs are intended`];
}
