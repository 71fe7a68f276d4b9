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

const MAX_STATE_LENGTH = 512;
const MAX_STATE_MEMBERS = 32;
const STATE_MEMBER =
  /^[\t ]*(?:[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e])?[\t ]*$/;

/** Reads the trace context of a request, without an invalid state. */
export function traceContextOf(headers: SentHeaders): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined;
  return isState(tracestate) ? { traceparent, tracestate } : { traceparent };
}

function isState(state: unknown): state is string {
  if (typeof state !== 'string' || state === '' || state.length > MAX_STATE_LENGTH) return false;
  const members = state.split(',');
  return members.length <= MAX_STATE_MEMBERS && members.every((member) => STATE_MEMBER.test(member));
}
