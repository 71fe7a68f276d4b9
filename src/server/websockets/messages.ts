import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import type { SentHeaders } from '../access.ts';

interface SentResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Bytes of a reason, by RFC 6455, section 5.5. */
const MAX_REASON = 123;

/** Headers of the upgrade itself, which nothing that is sent later can change. */
const OF_UPGRADE = /^(?:host|connection|upgrade|transfer-encoding|content-.*)$/i;

/**
 * Browsers send headers in `connection_init`, by names in any case, of which lower case counts first. A value that is no
 * text stays, to be refused: it must not count as absent, which may stand for the gateway's own key.
 */
export function sentHeaders(headers: IncomingHttpHeaders, params: unknown): SentHeaders {
  const named = Object.entries(isObject(params) ? params : {})
    .filter(([name, value]) => value !== null && !OF_UPGRADE.test(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(headers), ...named]);
}

/** Leaves out what is no text. */
export function textsOf(headers: SentHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** Returns a result as it is sent; undefined where that is as it is. */
export function sentResult(result: SentResult): object | undefined {
  const { errors, extensions } = result;
  if (errors === undefined && extensions === undefined) return undefined;
  const { data } = result;
  return {
    ...(errors && { errors: errors.map(formatted) }),
    ...(data !== undefined && { data }),
    ...(extensions && { extensions: withoutHttp(extensions) }),
  };
}

/** Returns an error as it is sent. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, ...rest } = error.toJSON();
  return { ...rest, extensions: withoutHttp(extensions) };
}

/** Leaves out what is for HTTP only: a status, and headers. */
function withoutHttp({ http: _http, ...extensions }: Readonly<Record<string, unknown>>) {
  return extensions;
}

/** Returns why a connection is closed, as much of it as fits. */
export function reasonOf(message: string): Buffer | string {
  return Buffer.byteLength(message) > MAX_REASON ? Buffer.from(message).subarray(0, MAX_REASON) : message;
}
