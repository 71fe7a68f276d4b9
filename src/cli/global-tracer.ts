import type { Tracer } from '@opentelemetry/api';

/**
 * Returns a tracer of the OpenTelemetry SDK that runs in this process, as by `node --import ./tracing.mjs`; undefined if
 * none does.
 */
export async function globalTracer(): Promise<Tracer | undefined> {
  const api = await import('@opentelemetry/api').catch(() => undefined);
  if (api === undefined) return undefined;
  const provider = api.trace.getTracerProvider();
  const isRegistered =
    !(provider instanceof api.ProxyTracerProvider) ||
    provider.getDelegateTracer('runs-gateway') !== undefined;
  return isRegistered ? provider.getTracer('runs-gateway') : undefined;
}
