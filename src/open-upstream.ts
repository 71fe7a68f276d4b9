import { startEmbeddedApi } from '../embedded-api/index.ts';
import type { GatewayConfig } from './config/program-options.ts';
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
  const { maxUpstreamBytes = MAX_UPSTREAM_BYTES, log } = parts;
  const { upstreamUrl: configured, live } = config;
  const onError = (error: unknown): void =>
    log.error({ err: error }, 'Unexpected error in the embedded runs API');
  const upstreamUrl = configured ?? closing.use(await startEmbeddedApi({ onError, live })).baseUrl;
  const upstream = new RunsUpstream({
    ...config,
    ...parts,
    upstreamUrl,
    maxBytes: maxUpstreamBytes,
    readList: config.rowCopying ? readRunList : decodeRunList,
    // The embedded API is on loopback.
    upstreamProxy: configured === undefined ? undefined : config.upstreamProxy,
  });
  return { upstream: closing.use(upstream), upstreamUrl };
}
