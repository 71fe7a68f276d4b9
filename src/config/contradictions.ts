import { repeatedTokens } from '../server/access-tokens.ts';
import { isLoopback } from '../server/hosts.ts';
import { whyNotForwarded } from '../upstream/forwarded-headers.ts';
import type { Config } from './config.ts';

/** Problems, each with whether it is there. */
type Rules = readonly (readonly [boolean, string])[];

const broken = (rules: Rules) => rules.flatMap(([isBroken, problem]) => (isBroken ? [problem] : []));

/** What is wrong with settings that are valid each, but not together, or not for what they name. */
export function contradictions(config: Config): readonly string[] {
  const { trustedDocumentsOnly, persistedDocuments, forwardHeaders, rateLimit, rateLimitStore } = config;
  const refused = forwardHeaders.map((name): Rules[number] => {
    const why = whyNotForwarded(name);
    return [why !== undefined, `FORWARD_HEADERS: ${name} is never forwarded, because it ${why}`];
  });
  const rules: Rules = [
    ...refused,
    [
      trustedDocumentsOnly && persistedDocuments === undefined,
      'TRUSTED_DOCUMENTS_ONLY: no document is trusted without a manifest; set PERSISTED_DOCUMENTS to its file',
    ],
    [
      rateLimitStore !== undefined && rateLimit === undefined,
      'RATE_LIMIT_STORE: nothing is counted in it without a limit; set RATE_LIMIT',
    ],
  ];
  return [...repeatedTokens(config), ...broken(rules)];
}

/** Why everyone who reaches the gateway may use its own API key, if that may not be intended. */
export function lentKey(config: Config): readonly string[] {
  const { host, apiKey, accessTokens, readOnlyAccessTokens, routerSecrets, corsOrigins, readOnly } = config;
  const secrets = [...accessTokens, ...readOnlyAccessTokens, ...routerSecrets];
  if (apiKey === undefined || secrets.length > 0) return [];
  const everything = `everything that LETTA_API_KEY can${readOnly ? '' : ', and cancel runs'}`;
  const instead = 'set ACCESS_TOKENS, or pass --allow-anonymous if that is intended';
  return broken([
    [
      !isLoopback(host),
      `HOST: ${host} exposes the gateway to the network, and anyone who reaches it could read ${everything}; listen on 127.0.0.1, ${instead}`,
    ],
    [
      corsOrigins.includes('*'),
      `CORS_ORIGINS: * lets every web page read ${everything}, in the browsers of all who reach the gateway; list the origins, ${instead}`,
    ],
  ]);
}

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
  const [why] = broken([
    [sampleRuns === false, 'SAMPLE_RUNS: off, so that there is nothing to serve'],
    [apiKey !== undefined, 'apiKey: it is not said for which upstream'],
    [!isLoopback(host), `HOST: others can reach ${host}, and would take sample runs for real ones`],
    [!isLoopback(adminHost), `ADMIN_HOST: others can reach ${adminHost}, and would watch sample runs`],
    [nodeEnv === 'production', 'NODE_ENV: sample runs would be served in production'],
  ]);
  const advice = `${SET_UPSTREAM}, or pass --sample-runs if sample runs are intended`;
  return why === undefined ? [] : [`${why}; ${advice}`];
}
