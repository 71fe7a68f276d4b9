import type { IncomingHttpHeaders } from 'node:http';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import type { SentHeaders } from '../../observability/trace-context.ts';

/** The maximum length of a reason in bytes, by RFC 6455, section 5.5. */
const MAX_REASON_BYTES = 123;

/** Headers of the upgrade itself, which `connection_init` can't change. */
const UPGRADE_HEADERS = /^(?:host|connection|upgrade|transfer-encoding|content-.*)$/i;

type Fields = Readonly<Record<string, unknown>>;

/** The parameters of an operation; the document may be empty if it is sent by an id. */
export interface OperationPayload {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Fields | null;
  readonly extensions?: Fields | null;
}

/** What a client may send. */
type ClientMessage =
  | { readonly type: 'connection_init' | 'ping' | 'pong'; readonly payload?: Fields | null }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: OperationPayload }
  | { readonly type: 'complete'; readonly id: string };

/** Parses a message of a client. Returns undefined if the protocol doesn't allow it. */
export function parseMessage(text: string): ClientMessage | undefined {
  try {
    const message = parseInputJson(text);
    return isClientMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isClientMessage(message: unknown): message is ClientMessage {
  const { type, id, payload }: Fields = isObject(message) ? message : {};
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      return isObject(payload ?? {});
    case 'subscribe':
      return isId(id) && isObject(payload) && isOperation(payload);
    case 'complete':
      return isId(id);
    default:
      return false;
  }
}

const isId = (id: unknown): boolean => typeof id === 'string' && id !== '';

function isOperation({ query, operationName, variables, extensions }: Fields): boolean {
  const areTexts = [query, operationName ?? ''].every((text) => typeof text === 'string');
  return areTexts && isObject(variables ?? {}) && isObject(extensions ?? {});
}

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
