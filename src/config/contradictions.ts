import { repeatedTokens } from '../access/access-tokens.ts';
import { isLoopback } from '../access/host-check.ts';
import { whyNotForwarded } from '../upstream/forwarded-headers.ts';
import type { GatewayConfig } from './program-options.ts';

/** How to set an upstream, for problems that ask for one. */
export const ADVICE = 'set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server)';

/**
 * Returns the problems of settings that are valid each, but contradict each other or what they name.
 *
 * @param allowAnonymous whether everyone who reaches the gateway may use its API key
 * @param nodeEnv the value of `NODE_ENV`
 */
export function contradictions(config: GatewayConfig, allowAnonymous: boolean, nodeEnv?: string) {
  const { forwardHeaders, trustedDocumentsOnly, persistedDocuments, rateLimit, rateLimitStore } = config;
  const rules = [
    ...forwardHeaders.map((name) => {
      const why = whyNotForwarded(name);
      return why !== undefined && `FORWARD_HEADERS: ${name} is never forwarded, because it ${why}`;
    }),
    trustedDocumentsOnly &&
      persistedDocuments === undefined &&
      'TRUSTED_DOCUMENTS_ONLY: no document is trusted without a manifest; set PERSISTED_DOCUMENTS to its file',
    rateLimitStore !== undefined &&
      rateLimit === undefined &&
      'RATE_LIMIT_STORE: nothing is counted in it without a limit; set RATE_LIMIT',
    ...[config.explorer && 'EXPLORER', config.mcp && 'MCP'].map(
      (name) =>
        name !== false &&
        config.agents === 'stub' &&
        `${name}: it asks for agents, which the schema lacks with AGENTS=stub; set AGENTS=full, or leave ${name} out`,
    ),
    ...(config.upstreamUrl === undefined ? againstSamples(config, nodeEnv) : []),
    ...(allowAnonymous ? [] : againstLending(config)),
  ];
  return [...repeatedTokens(config), ...rules.filter((rule) => rule !== false)];
}

/** Sample runs look real: they would mislead clients that reach them, and operators who want real ones. */
function againstSamples(config: GatewayConfig, nodeEnv: string | undefined): readonly (string | false)[] {
  const { apiKey, project, projectId, host, adminHost, sampleRuns } = config;
  if ((project ?? projectId) !== undefined) {
    const name = project === undefined ? 'LETTA_PROJECT_ID' : 'LETTA_PROJECT';
    return [`${name}: the embedded runs API has no projects; ${ADVICE}`];
  }
  if (sampleRuns === true) return [];
  return [
    sampleRuns === false && 'SAMPLE_RUNS: off, so that there is nothing to serve',
    apiKey !== undefined && 'apiKey: it is not said for which upstream',
    !isLoopback(host) && `HOST: others can reach ${host}, and would take sample runs for real ones`,
    adminHost !== host &&
      !isLoopback(adminHost) &&
      `ADMIN_HOST: others can reach ${adminHost}, and would watch sample runs`,
    nodeEnv === 'production' && 'NODE_ENV: sample runs would be served in production',
  ].map((why) => why && `${why}; ${ADVICE}, or pass --sample-runs if sample runs are intended`);
}

/** Everyone who reaches the gateway may use its API key, which may not be intended. */
function againstLending(config: GatewayConfig): readonly (string | false)[] {
  const { host, apiKey, accessTokens, readOnlyAccessTokens, routerSecrets, corsOrigins, readOnly } = config;
  const secrets = [...accessTokens, ...readOnlyAccessTokens, ...routerSecrets];
  if (apiKey === undefined || secrets.length > 0) return [];
  const everything = `everything that LETTA_API_KEY can${readOnly ? '' : ', and cancel runs'}`;
  const instead = 'set ACCESS_TOKENS, or pass --allow-anonymous if that is intended';
  return [
    !isLoopback(host) &&
      `HOST: ${host} exposes the gateway to the network, and anyone who reaches it could read ${everything}; listen on 127.0.0.1, ${instead}`,
    corsOrigins.includes('*') &&
      `CORS_ORIGINS: * lets every web page read ${everything}, in the browsers of all who reach the gateway; list the origins, ${instead}`,
  ];
}
