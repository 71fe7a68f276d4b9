import type { Log } from '../observability/log.ts';

/** What is told of an upstream that answers, as far as it is known. */
interface UpstreamState {
  readonly version: string | undefined;
  readonly dialect: string | undefined;
}

export interface ReadinessOptions {
  /** Whether a stop is near. */
  readonly isDraining: () => boolean;
  readonly upstreamUrl: string;
  /** Rejects when the upstream does not answer. */
  readonly checkUpstream: (signal: AbortSignal) => Promise<UpstreamState>;
  readonly log: Log;
}

/** Answers whether requests should come: 200, or 503 while the gateway drains or its upstream is away. */
export function createReadiness(options: ReadinessOptions): (request: Request) => Promise<Response> {
  const { isDraining, upstreamUrl: url, checkUpstream, log } = options;
  return async ({ signal }) => {
    if (isDraining()) return notReady('draining');
    try {
      const { version, dialect } = await checkUpstream(signal);
      return Response.json({ status: 'ready', upstream: { url, version, dialect } });
    } catch (error) {
      log.warn({ err: error }, 'The upstream is not ready');
      return notReady('the upstream does not answer');
    }
  };
}

function notReady(status: string): Response {
  return Response.json({ status }, { status: 503 });
}
