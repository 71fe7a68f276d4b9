import type { Tracer } from '@opentelemetry/api';
import type * as Sdk from '@opentelemetry/sdk-trace';
import { ConfigError } from '../config/config-error.ts';
import type { Log } from './log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What those who export traces install beside the gateway. */
const PACKAGES = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-proto',
];
/** Milliseconds for sending the last spans, when the gateway has stopped. */
const FLUSH_MS = 2_000;

export interface TraceExport extends AsyncDisposable {
  readonly tracer: Tracer;
  /** Whether the last spans could not be sent in time, and would keep the process alive. */
  readonly isStuck: boolean;
}

/**
 * Starts exporting traces if the variables of OpenTelemetry say so. The endpoint, headers, timeouts, TLS, service and
 * resource are read by its own packages; the sampler is read here, as its SDK leaves that to the program.
 *
 * @throws ConfigError if the packages aren't installed, or for what is not supported
 */
export async function exportTraces(env: Environment, log: Log): Promise<TraceExport | undefined> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  if (endpoint === '' || isOff) return undefined;
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? '';
  if (!['', 'http/protobuf'].includes(protocol)) {
    throw new ConfigError([`OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf; but got ${protocol}`]);
  }
  const { api, sdk, resources, exporter } = await load();
  api.diag.setLogger(diagnostics(log), api.DiagLogLevel.WARN);
  const named = resources.resourceFromAttributes({ 'service.name': 'runs-gateway' });
  const detected = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(named).merge(detected),
    sampler: samplerOf(sdk, env),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter() })],
  });
  let isStuck = false;
  return {
    tracer: provider.getTracer('runs-gateway'),
    get isStuck() {
      return isStuck;
    },
    async [Symbol.asyncDispose]() {
      isStuck = true;
      const flushed = provider.shutdown().then(
        () => (isStuck = false),
        () => undefined,
      );
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FLUSH_MS);
      await Promise.race([flushed, late]);
      clearTimeout(timer);
    },
  };
}

async function load() {
  try {
    const [api, sdk, resources, exporter] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);
    return { api, sdk, resources, exporter };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConfigError([
      `OTEL_EXPORTER_OTLP_ENDPOINT: the packages for traces are not installed; run npm install ${PACKAGES.join(' ')}, or unset it`,
    ]);
  }
}

/** @throws ConfigError for an unknown one */
function samplerOf(sdk: typeof Sdk, env: Environment): Sdk.Sampler {
  const { OTEL_TRACES_SAMPLER: name = 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: argument = '1' } =
    env;
  const roots: Readonly<Record<string, () => Sdk.Sampler>> = {
    always_on: () => new sdk.AlwaysOnSampler(),
    always_off: () => new sdk.AlwaysOffSampler(),
    traceidratio: () => new sdk.TraceIdRatioBasedSampler(Number(argument)),
  };
  const prefix = 'parentbased_';
  const root = roots[name.startsWith(prefix) ? name.slice(prefix.length) : name]?.();
  if (root === undefined) {
    const known = Object.keys(roots).flatMap((each) => [each, prefix + each]);
    throw new ConfigError([`OTEL_TRACES_SAMPLER: expected one of ${known.join(', ')}; but got ${name}`]);
  }
  return name.startsWith(prefix) ? new sdk.ParentBasedSampler({ root }) : root;
}

const ignore = (): void => undefined;

/** Without it, nobody would learn that the collector refuses what it is sent. */
function diagnostics(log: Log) {
  const warn = (message: string): void =>
    log.warn({ problem: message.slice(0, 500) }, 'Trouble with exporting traces');
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}
