import { startEmbeddedApi } from '../embedded-api/index.ts';
import type { GatewayConfig } from './config/program-options.ts';
import { readRunList } from './engine/index.ts';
import type { Log } from './observability/log.ts';
import type { Metrics } from './observability/metrics.ts';
import { upstreamTelemetry } from './observability/upstream-telemetry.ts';
import { MAX_UPSTREAM_BYTES } from './upstream/body-chunks.ts';
import type { ConnectionOptions } from './upstream/http/connections.ts';
import { openUpstreamTls, type UpstreamTls } from './upstream/http/upstream-tls.ts';
import { decodeRunList } from './upstream/letta/decode/decode-runs.ts';
import { SharedUpstream } from './upstream/letta/shared-upstream.ts';

export interface UpstreamParts extends Pick<ConnectionOptions, 'dispatcher'> {
  readonly maxUpstreamBytes?: number | undefined;
  /** Secrets that are removed from texts of the upstream. */
  readonly secrets: readonly string[];
  readonly metrics: Pick<Metrics, 'series'>;
  readonly log: Log;
}

/**
 * Opens the upstream that a configuration names, or else the embedded runs API with sample runs.
 *
 * @param closing closes the upstream
 * @throws ConfigError for certificates that can't be used
 */
export async function openUpstream(
  config: GatewayConfig,
  parts: UpstreamParts,
  closing: AsyncDisposableStack,
): Promise<{ upstream: SharedUpstream; upstreamUrl: string; tls: UpstreamTls | undefined }> {
  const { maxUpstreamBytes = MAX_UPSTREAM_BYTES, metrics, log } = parts;
  const tls = openUpstreamTls(config);
  const { upstreamUrl: configured, live } = config;
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'Unexpected error in the embedded runs API');
  const upstreamUrl = configured ?? closing.use(await startEmbeddedApi({ onError, live })).baseUrl;
  const upstream = new SharedUpstream({
    ...config,
    ...parts,
    tls,
    telemetry: upstreamTelemetry(metrics.series, log),
    upstreamUrl,
    maxBytes: maxUpstreamBytes,
    readList: config.rowCopying ? readRunList : decodeRunList,
    // The embedded API is on loopback, which no proxy can reach.
    upstreamProxy: configured === undefined ? undefined : config.upstreamProxy,
  });
  return { upstream: closing.use(upstream), upstreamUrl, tls };
}
