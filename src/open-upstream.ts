import { startEmbeddedApi } from '../embedded-api/index.ts';
import type { GatewayConfig } from './config/gateway-settings.ts';
import { readRunList } from './engine/index.ts';
import type { Log } from './observability/log.ts';
import type { MemoryFor } from './scheduling/held-memory.ts';
import type { ConnectionOptions } from './upstream/http/dispatcher.ts';
import { decodeRunList } from './upstream/letta/decode/decode-runs.ts';
import { RunsUpstream } from './upstream/letta/runs-upstream.ts';
import { MAX_UPSTREAM_BYTES } from './upstream/response-body.ts';
import type { UpstreamTelemetry } from './upstream/telemetry-events.ts';

export interface UpstreamParts extends Pick<ConnectionOptions, 'dispatcher' | 'tls'> {
  readonly maxUpstreamBytes?: number | undefined;
  readonly memoryFor: MemoryFor;
  /** Removed from texts of the upstream. */
  readonly secrets: readonly string[];
  readonly telemetry: UpstreamTelemetry;
  readonly log: Log;
}

/**
 * Opens the upstream that a configuration names, or else the embedded runs API with sample runs.
 *
 * @param closing closes the upstream
 */
export async function openUpstream(
  config: GatewayConfig,
  parts: UpstreamParts,
  closing: AsyncDisposableStack,
): Promise<{ readonly upstream: RunsUpstream; readonly upstreamUrl: string }> {
  const {
    dispatcher,
    tls,
    maxUpstreamBytes = MAX_UPSTREAM_BYTES,
    memoryFor,
    secrets,
    telemetry,
    log,
  } = parts;
  const { upstreamUrl: configured, live } = config;
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'Unexpected error in the embedded runs API');
  const upstreamUrl = configured ?? closing.use(await startEmbeddedApi({ onError, live })).baseUrl;
  const upstream = new RunsUpstream({
    baseUrl: upstreamUrl,
    timeoutMs: config.upstreamTimeoutMs,
    maxBytes: maxUpstreamBytes,
    maxInFlight: config.upstreamMaxInFlight,
    secrets,
    dialect: config.upstreamDialect === 'auto' ? undefined : config.upstreamDialect,
    readList: config.rowCopying ? readRunList : decodeRunList,
    // The embedded API is on loopback.
    proxy: configured === undefined ? undefined : config.upstreamProxy,
    tls,
    dispatcher,
    memoryFor,
    telemetry,
  });
  return { upstream: closing.use(upstream), upstreamUrl };
}
