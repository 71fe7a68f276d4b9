/** Headers by names in lower case: those of a request, or what stands for them, which may be anything. */
export type SentHeaders = Readonly<Record<string, unknown>>;

/** The trace that a request belongs to: the headers of W3C Trace Context, level 2. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

const IDS = '-(?!0{32})[\\da-f]{32}-(?!0{16})[\\da-f]{16}-[\\da-f]{2}';
/** Later versions may append fields. */
const TRACEPARENT = new RegExp(`^(?:00${IDS}|(?!00|ff)[\\da-f]{2}${IDS}(?:-[\\x21-\\x7e]{0,64})?)$`);

/** Any printable text up to the length that every system passes on. */
const TRACESTATE = /^[\t\x20-\x7e]{1,512}$/;

/** Reads the trace context of a request, without a state that is too long or not printable. */
export function traceContextOf(headers: SentHeaders): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  const hasState = typeof tracestate === 'string' && TRACESTATE.test(tracestate);
  return hasState ? { traceparent, tracestate } : { traceparent };
}
