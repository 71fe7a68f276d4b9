import { hash, timingSafeEqual } from 'node:crypto';
import { type AccessTokenSettings, readAccessTokens } from '../../config/access-tokens.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { forwardedNames, namesProject } from '../../upstream/forwarded-headers.ts';
import { type Failure, headersTooLarge, invalidHeader, unauthenticated } from '../server/failure.ts';

export interface AccessOptions extends AccessTokenSettings {
  /** Sent upstream: for all callers if there are access tokens, else for those without `Authorization`. */
  readonly apiKey: string | undefined;
  /**
   * Sent upstream for callers that name no project, except with an `Authorization` of their own where
   * there is an API key, to which the project belongs.
   */
  readonly project: string | undefined;
  /** The same, by its id. */
  readonly projectId: string | undefined;
  /** Further headers of callers that go upstream. */
  readonly forwardHeaders: readonly string[];
}

/** Headers by names in lower case: those of a request, or what stands for them, which may be anything. */
export type SentHeaders = Readonly<Record<string, unknown>>;

/**
 * Decides who may send requests, with which headers they go upstream, and which of them are one caller:
 * those with the same access token or label, if there are any, and the same headers. An empty header is not an
 * absent one: it goes upstream as it is. The address of a socket is not used: behind a proxy it is the
 * proxy's.
 */
export interface Access {
  /** Whether callers need an access token. */
  readonly requiresToken: boolean;
  /** The names of the headers that go upstream, in lower case. */
  readonly forwarded: readonly string[];
  /**
   * Returns the credentials of a caller, or the response to one that is refused.
   *
   * @param connection on which they are the same as long as the headers are
   */
  authorize(sent: SentHeaders, connection?: object): Credentials | Failure;
  /** Whether the caller sent an access token; false if there are none. */
  showsToken(authorization: string | undefined): boolean;
}

/** As much as the headers of a request may have. */
const MAX_BYTES = 16 * 1024;
/** Field values of RFC 9110, section 5.5: no control characters, and nothing beyond a byte. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export function createAccess(options: AccessOptions): Access {
  const { apiKey, project, projectId } = options;
  const forwarded = forwardedNames(options.forwardHeaders);
  const tokens = readAccessTokens(options).map(({ label, token, isReadOnly }) => {
    const expected = digest(token);
    // Those with one label are one caller. No digest is as short as a label.
    return { expected, label, isReadOnly, caller: label ?? expected.toString('base64') };
  });
  const requiresToken = tokens.length > 0;
  const ownKey = apiKey !== undefined && { authorization: `Bearer ${apiKey}` };
  const ownProject = {
    ...(project !== undefined && { 'x-project': project }),
    ...(projectId !== undefined && { 'x-project-id': projectId }),
  };
  /** What the last request on each connection sent, and the credentials that it has. Goes with the connection. */
  const latest = new WeakMap<
    object,
    { readonly sent: readonly unknown[]; readonly credentials: Credentials }
  >();

  /** Which access token the caller sent. */
  const tokenOf = (authorization: unknown) => {
    const text = typeof authorization === 'string' ? authorization : '';
    const received = digest(/^Bearer +(\S+)$/i.exec(text)?.[1] ?? '');
    // All are compared, as digests of equal length, so that timing reveals nothing about the tokens.
    return tokens.filter(({ expected }) => timingSafeEqual(expected, received))[0];
  };

  /** Returns what goes upstream. */
  const upstreamHeaders = ({ authorization, ...others }: Readonly<Record<string, string>>) => {
    const usesKey = requiresToken || authorization === undefined;
    const takesProject = !namesProject(others) && (usesKey || apiKey === undefined);
    return { ...(usesKey ? ownKey : { authorization }), ...(takesProject && ownProject), ...others };
  };

  const authorize = (all: SentHeaders): Credentials | Failure => {
    const token = requiresToken ? tokenOf(all['authorization']) : undefined;
    if (requiresToken && token === undefined) return unauthenticated;
    const sent: Record<string, string> = {};
    let bytes = 0;
    for (const name of forwarded) {
      const value = valueOf(all, name);
      if (value === undefined) continue;
      if (typeof value !== 'string' || !FIELD_VALUE.test(value)) return invalidHeader(name);
      bytes += name.length + value.length;
      sent[name] = value;
    }
    if (bytes > MAX_BYTES) return headersTooLarge(forwarded, MAX_BYTES);
    const headers: Readonly<Record<string, string>> = upstreamHeaders(sent);
    const caller = token?.caller ?? null;
    return {
      // In the order of the names, absent ones as null: nothing that is sent looks like something else.
      callerKey: JSON.stringify([caller, ...forwarded.map((name) => headers[name] ?? null)]),
      account: JSON.stringify([caller, headers['authorization'] ?? null]),
      headers,
      label: token?.label,
      isReadOnly: token?.isReadOnly ?? false,
    };
  };

  return {
    requiresToken,
    forwarded,
    authorize(all, connection) {
      const before = connection && latest.get(connection);
      if (
        before !== undefined &&
        forwarded.every((name, index) => valueOf(all, name) === before.sent[index])
      ) {
        return before.credentials;
      }
      const credentials = authorize(all);
      if (connection !== undefined && typeof credentials !== 'function') {
        latest.set(connection, { sent: forwarded.map((name) => valueOf(all, name)), credentials });
      }
      return credentials;
    },
    showsToken: (authorization) => tokenOf(authorization) !== undefined,
  };
}

function valueOf(sent: SentHeaders, name: string): unknown {
  return Object.hasOwn(sent, name) ? sent[name] : undefined;
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
