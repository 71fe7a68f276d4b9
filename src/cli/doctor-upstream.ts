import { readAccessTokens } from '../access/access-tokens.ts';
import type { GatewayConfig } from '../config/gateway-settings.ts';
import { createExaminedUpstream, type ExaminedUpstream } from '../doctor/examined-upstream.ts';
import { openUpstreamTls } from '../upstream/http/upstream-tls.ts';
import { MAX_UPSTREAM_BYTES } from '../upstream/response-body.ts';

/** The largest timeout of one request, in milliseconds: a person waits for the report. */
const MAX_TIMEOUT_MS = 30_000;

/** Opens the upstream with the credentials that the gateway sends for callers without any. */
export function openExaminedUpstream(config: GatewayConfig, upstreamUrl: string): ExaminedUpstream {
  const { project, projectId } = config;
  return createExaminedUpstream({
    ...config,
    upstreamUrl,
    upstreamTimeoutMs: Math.min(config.upstreamTimeoutMs, MAX_TIMEOUT_MS),
    maxBytes: MAX_UPSTREAM_BYTES,
    tls: openUpstreamTls(config),
    project: {
      ...(project !== undefined && { 'x-project': project }),
      ...(projectId !== undefined && { 'x-project-id': projectId }),
    },
    secrets: readAccessTokens(config).map(({ token }) => token),
  });
}
