import type { Attributes, Context, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type { UpstreamCall } from '../upstream/trace.ts';
import type { OperationTrace } from './operation-record.ts';
import { type SentHeaders, type TraceContext, traceContextOf } from './trace-context.ts';

/** Returns the trace of a request; undefined if there is none. */
export type Tracing = (headers: SentHeaders) => OperationTrace | undefined;

/** Sends the trace context of requests upstream unchanged: the gateway has no spans. */
const passTraceContext: Tracing = (headers) => {
  const headersSent = headers['traceparent'] === undefined ? undefined : traceContextOf(headers);
  return headersSent && { traceId: headersSent.traceparent.slice(3, 35), headers: { ...headersSent } };
};

/** The maximum length of an operation's name in a span. */
const MAX_NAME = 100;

/**
 * Opens tracing by a tracer, which creates spans by the semantic conventions of OpenTelemetry for HTTP and GraphQL. Spans
 * have no ids, filters or variables, and only the hash of a document.
 *
 * @param upstreamUrl the root of the runs API
 */
export async function openTracing(tracer: Tracer | undefined, upstreamUrl: string): Promise<Tracing> {
  if (tracer === undefined) return passTraceContext;
  // Loaded only if there is a tracer.
  const api = await import('@opentelemetry/api');
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } = api;
  const { hostname, port, protocol } = new URL(upstreamUrl);
  const server = {
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
  };

  const contextOf = ({ traceparent, tracestate }: TraceContext): Context =>
    trace.setSpanContext(ROOT_CONTEXT, {
      traceId: traceparent.slice(3, 35),
      spanId: traceparent.slice(36, 52),
      traceFlags: Number.parseInt(traceparent.slice(53, 55), 16) & TraceFlags.SAMPLED,
      ...(tracestate !== undefined && { traceState: api.createTraceState(tracestate) }),
      isRemote: true,
    });
  const finish = (span: Span, attributes: Attributes, code: string): void => {
    span.setAttributes(attributes);
    if (code !== 'OK') {
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };

  const startAttempt = (parent: Context, call: UpstreamCall) => {
    const { method, route, attempts } = call;
    const attributes = {
      'http.request.method': method,
      'url.template': route,
      ...server,
      ...(attempts > 0 && { 'http.request.resend_count': attempts }),
    };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.CLIENT, attributes }, parent);
    return {
      headers: headersOf(span.spanContext()),
      end(outcome: string, status: number | undefined) {
        // A missing run is no failure of the request.
        const code = outcome === 'NOT_FOUND' ? 'OK' : outcome;
        finish(span, status === undefined ? {} : { 'http.response.status_code': status }, code);
      },
    };
  };

  const traceOf = (span: Span): OperationTrace => {
    const context = trace.setSpan(ROOT_CONTEXT, span);
    const { traceId } = span.spanContext();
    return {
      traceId,
      startAttempt: (call) => startAttempt(context, call),
      startEvent: () => {
        const links = [{ context: span.spanContext() }];
        return traceOf(tracer.startSpan('subscription', { kind: SpanKind.INTERNAL, links }, ROOT_CONTEXT));
      },
      end({ name, type, documentHash, isJoined, code }, request) {
        span.updateName(
          name === undefined ? (type ?? 'GraphQL Operation') : `${type} ${name.slice(0, MAX_NAME)}`,
        );
        const http = request && {
          'http.request.method': request.method,
          'http.route': request.path,
          'url.path': request.path,
          'http.response.status_code': request.status,
        };
        const graphql = {
          'graphql.operation.name': name?.slice(0, MAX_NAME),
          'graphql.operation.type': type,
          'graphql.document.hash': documentHash,
          'runs_gateway.joined': isJoined || undefined,
        };
        finish(span, { ...http, ...graphql }, code);
      },
    };
  };

  return (headers) => {
    const parent = traceContextOf(headers);
    const context = parent === undefined ? ROOT_CONTEXT : contextOf(parent);
    return traceOf(tracer.startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, context));
  };
}

function headersOf({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const state = traceState?.serialize() ?? '';
  const flags = traceFlags.toString(16).padStart(2, '0');
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state !== '' && { tracestate: state }) };
}
