import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../json/parse-json.ts';
import type { SentHeaders } from '../../observability/trace-context.ts';

/** The maximum length of a reason in bytes, by RFC 6455, section 5.5. */
const MAX_REASON_BYTES = 123;

/** Headers of the upgrade itself, which `connection_init` can't change. */
const UPGRADE_HEADERS = /^(?:host|connection|upgrade|transfer-encoding|content-.*)$/i;

/**
 * Merges the headers of the upgrade with those in `connection_init`, where browsers send theirs. A value that is no
 * string stays, to be refused: without it, the request would go upstream with the gateway's API key.
 */
export function sentHeaders(headers: IncomingHttpHeaders, params: unknown): SentHeaders {
  const named = Object.entries(isObject(params) ? params : {})
    .filter(([name, value]) => value !== null && !UPGRADE_HEADERS.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(headers), ...named]);
}

/** Returns the headers that are strings. */
export function textsOf(headers: SentHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Returns a message with a result, whose bytes are not parsed. */
export function nextMessage(id: string, result: Uint8Array): Buffer {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return Buffer.concat([Buffer.from(head), result, Buffer.from('}')]);
}

/** Returns the reason of a close frame, cut at its maximum length, but not within a character. */
export function reasonOf(message: string): Buffer {
  const reason = Buffer.alloc(MAX_REASON_BYTES);
  return reason.subarray(0, new TextEncoder().encodeInto(message, reason).written);
}
