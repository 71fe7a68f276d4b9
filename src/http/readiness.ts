import type { Log } from '../observability/log.ts';

/** What is known about an upstream that responds. */
interface UpstreamState {
  readonly version: string | undefined;
  readonly dialect: string | undefined;
}

export interface ReadinessOptions {
  /** Whether the gateway is shutting down. */
  readonly isDraining: () => boolean;
  readonly upstreamUrl: string;
  /** Rejects if the upstream does not respond. */
  readonly checkUpstream: (signal: AbortSignal) => Promise<UpstreamState>;
  readonly log: Log;
}

/** Creates the readiness check: 200, or 503 while the gateway drains or its upstream is down. */
export function createReadiness(options: ReadinessOptions): (request: Request) => Promise<Response> {
  const { isDraining, upstreamUrl: url, checkUpstream, log } = options;
  return async ({ signal }) => {
    if (isDraining()) return notReady('draining');
    try {
      const { version, dialect } = await checkUpstream(signal);
      return Response.json({ status: 'ready', upstream: { url, version, dialect } });
    } catch (error) {
      log.warn({ err: error }, 'Upstream is not ready');
      return notReady('the upstream does not answer');
    }
  };
}

function notReady(status: string): Response {
  return Response.json({ status }, { status: 503 });
}
