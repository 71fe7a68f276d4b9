import type { Tracer } from '@opentelemetry/api';

/**
 * Returns a tracer of the OpenTelemetry SDK that runs in this process, as by `node --import ./tracing.mjs`; undefined if
 * none does.
 */
export async function globalTracer(): Promise<Tracer | undefined> {
  // Where version 1 of the API keeps what an SDK registers. Without one, its hundred modules are not loaded.
  if (!(Symbol.for('opentelemetry.js.api.1') in globalThis)) return undefined;
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined) return undefined;
  const provider = api.trace.getTracerProvider();
  const isRegistered =
    !(provider instanceof api.ProxyTracerProvider) ||
    provider.getDelegateTracer('runs-gateway') !== undefined;
  return isRegistered ? provider.getTracer('runs-gateway') : undefined;
}
