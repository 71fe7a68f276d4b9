import type { Log } from '../../observability/log.ts';
import { type HttpAnswer, jsonAnswer } from '../server/http-answer.ts';

/** What is known about an upstream that responds. */
interface UpstreamState {
  readonly version: string | undefined;
  readonly dialect: string | undefined;
  readonly internalRuns?: string | undefined;
  readonly pageSizes?: Readonly<Record<string, number>>;
  readonly rows?: { readonly copied: number; readonly decoded: number } | undefined;
}

export interface ReadinessOptions {
  /** Whether the gateway is shutting down. */
  readonly isDraining: () => boolean;
  readonly upstreamUrl: string;
  /** Rejects if the upstream does not respond within a time of its own. */
  readonly checkUpstream: () => Promise<UpstreamState>;
  readonly log: Log;
  /** The time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** Answers 200, or 503 while the gateway drains or its upstream is down. */
export interface Readiness {
  /** @param isTrusted whether the caller may know about the upstream */
  answer(isTrusted: boolean): Promise<HttpAnswer>;
}

/** Milliseconds for which the answer of the upstream is used again. */
const KEPT_MS = 1_000;

/**
 * Creates the readiness check. All callers share one request to the upstream, and its answer for a
 * second: what they cause there doesn't depend on how many they are.
 */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { isDraining, upstreamUrl: url, checkUpstream, log, now = () => performance.now() } = options;
  let checked: Promise<UpstreamState | undefined> | undefined;
  let expires = Infinity;

  const check = async (): Promise<UpstreamState | undefined> => {
    try {
      return await checkUpstream();
    } catch (error) {
      log.warn({ err: error }, 'Upstream is not ready');
      return undefined;
    } finally {
      expires = now() + KEPT_MS;
    }
  };

  return {
    async answer(isTrusted) {
      if (isDraining()) return notReady('draining');
      if (checked === undefined || now() >= expires) {
        expires = Infinity;
        checked = check();
      }
      const state = await checked;
      if (isDraining()) return notReady('draining');
      if (state === undefined) return notReady('the upstream does not answer');
      return jsonAnswer(200, { status: 'ready', ...(isTrusted && { upstream: { url, ...state } }) });
    },
  };
}

function notReady(status: string): HttpAnswer {
  return jsonAnswer(503, { status });
}
