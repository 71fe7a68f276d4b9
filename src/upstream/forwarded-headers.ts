/** The headers that name a project. They may be logged; the values of all other forwarded headers count as secrets. */
export const PROJECT_HEADERS: readonly string[] = ['x-project', 'x-project-id'];

/** Whether a request names a project. @param headers by names in lower case */
export function namesProject(headers: Readonly<Record<string, unknown>>): boolean {
  return PROJECT_HEADERS.some((name) => headers[name] !== undefined);
}

/** Returns the names of the headers that go upstream, in lower case, each once. @param added by `FORWARD_HEADERS` */
export function forwardedNames(added: readonly string[]): readonly string[] {
  return [...new Set(['authorization', ...PROJECT_HEADERS, ...added.map((name) => name.toLowerCase())])];
}

/** Patterns of names that can't be added, with `_` as `-`, and why. */
const REFUSED: readonly (readonly [names: RegExp, why: string])[] = [
  [/^user-id$/, 'would let anyone act as any user'],
  [/^router-authorization$/, 'is for the gateway itself'],
  [/^x-billing-/, 'would let anyone have others billed'],
  [
    /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings)$/,
    'belongs to one connection',
  ],
  [
    /^(?:host|via|forwarded|x-real-ip|x-forwarded-(?:for|host|port|proto|prefix|server))$/,
    'is about the way to the gateway',
  ],
  [/^(?:content-.*|expect|max-forwards)$/, 'is about one message'],
  [/^(?:accept|accept-.*|user-agent|x-request-id)$/, 'is set by the gateway'],
  [/^(?:range|if-.*|cache-control|pragma)$/, 'would change what is answered'],
  [
    /^x-(?:(?:http-)?method(?:-override)?|original-(?:url|method)|rewrite-url)$/,
    'would change what is asked for',
  ],
  [/^(?:cookie2?|set-cookie2?|origin|referer|sec-.*|access-control-.*)$/, 'is for browsers'],
  [/^(?:traceparent|tracestate|baggage)$/, 'would make each request a caller of its own'],
];

/** Returns why a header can't be added; undefined if it can. @param name a valid name */
export function whyNotForwarded(name: string): string | undefined {
  const canonical = name.toLowerCase().replaceAll('_', '-');
  return REFUSED.find(([names]) => names.test(canonical))?.[1];
}
