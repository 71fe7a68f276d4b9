import { hash, timingSafeEqual } from 'node:crypto';
import type { SentHeaders } from '../observability/trace-context.ts';
import type { Credentials } from '../upstream/credentials.ts';
import { forwardedNames, namesProject } from '../upstream/forwarded-headers.ts';
import { type AccessTokenSettings, readAccessTokens } from './access-tokens.ts';
import { Refusal, unauthenticated } from './refusal.ts';
import { RevocationSource, removed, replaced } from './revocation.ts';

/** The secrets that can be replaced while the gateway serves. */
interface AccessSecrets extends AccessTokenSettings {
  /** The key that is sent upstream: for all callers if there are access tokens, else for those without `Authorization`. */
  readonly apiKey: string | undefined;
  /** If there are any, each request must carry one of them, besides the credentials of its caller. */
  readonly routerSecrets: readonly string[];
}

export interface AccessOptions extends AccessSecrets {
  /**
   * The project that is sent upstream for callers that name none. A caller with an `Authorization` of its own doesn't
   * get it if there is an API key, since the project belongs to that key.
   */
  readonly project: string | undefined;
  /** The same project, named by its id. */
  readonly projectId: string | undefined;
  /** The names of further headers of callers that go upstream. */
  readonly forwardHeaders: readonly string[];
}

/** The secrets that valid credentials were created from, and the source that revokes these credentials. */
interface RevocationEntry {
  readonly revocation: RevocationSource;
  /** The digest of the router's secret. */
  readonly router: string | undefined;
  readonly token: ReturnType<typeof digestsOf>['tokens'][number] | undefined;
  readonly usesKey: boolean;
}

const ROUTER_HEADER = 'router-authorization';

/** Field values of RFC 9110, section 5.5: no control characters, and none beyond U+00FF. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export type Access = ReturnType<typeof createAccess>;

/**
 * Decides who may send requests, which headers go upstream (an empty header as it is), and which requests have the same
 * caller: those with the same token or label and the same headers, from whatever address.
 */
export function createAccess(options: AccessOptions) {
  const { project, projectId } = options;
  const forwarded = forwardedNames(options.forwardHeaders);
  const gatewayProject = {
    ...(project !== undefined && { 'x-project': project }),
    ...(projectId !== undefined && { 'x-project-id': projectId }),
  };
  let { tokens, routers, apiKey, keyHeader } = digestsOf(options);
  const requiresToken = tokens.length > 0;
  const requiresRouter = routers.length > 0;
  /** Entries by router, token and use of the API key, so that equal secrets have one source. */
  const revocations = new Map<string, RevocationEntry>();

  const revocationOf = (secrets: Omit<RevocationEntry, 'revocation'>): RevocationSource | undefined => {
    const { router, token, usesKey } = secrets;
    if (router === undefined && token === undefined && (!usesKey || apiKey === undefined)) return undefined;
    const key = JSON.stringify([router, token, usesKey]);
    const { revocation } = revocations.get(key) ?? { revocation: new RevocationSource() };
    revocations.set(key, { ...secrets, revocation });
    return revocation;
  };

  const authenticate = (all: SentHeaders): Credentials | Refusal => {
    const router = findSecret(routers, valueOf(all, ROUTER_HEADER))?.digest;
    if (requiresRouter && router === undefined) return routerRequired;
    const shown = valueOf(all, 'authorization');
    const token = requiresToken ? findSecret(tokens, shown) : undefined;
    if (requiresToken && token === undefined) return unauthenticated(shown);
    const sent: Record<string, string> = {};
    for (const name of forwarded) {
      const value = valueOf(all, name);
      if (value === undefined) continue;
      if (typeof value !== 'string' || !FIELD_VALUE.test(value)) return invalidHeader(name);
      sent[name] = value;
    }
    const { authorization, ...others } = sent;
    const usesKey = requiresToken || authorization === undefined;
    const takesProject = !namesProject(others) && (usesKey || apiKey === undefined);
    const key = usesKey ? keyHeader : { authorization };
    const headers: Readonly<Record<string, string>> = {
      ...key,
      ...(takesProject && gatewayProject),
      ...others,
    };
    // Tokens with the same label are one caller. A digest can't equal a label: it is longer.
    const caller = token === undefined ? null : (token.label ?? token.digest);
    const isReadOnly = token?.isReadOnly ?? false;
    const account = digestOf(JSON.stringify([caller, headers['authorization'] ?? null]));
    // Null stands for an absent header, so that the key is unambiguous; the `;` keeps it from beginning with another.
    const otherValues = forwarded.map((name) => (name === 'authorization' ? null : (headers[name] ?? null)));
    const isPlain = otherValues.every((value) => value === null);
    return {
      callerKey: `${isReadOnly ? 'read-only' : ''} ${account} ${isPlain ? '' : digestOf(JSON.stringify(otherValues))};`,
      account,
      headers,
      label: token?.label,
      isReadOnly,
      revocation: revocationOf({ router, token, usesKey }),
    };
  };

  return {
    /** Whether callers need an access token. */
    requiresToken,
    /** The names of the headers that go upstream, in lower case. */
    forwarded,
    /** Returns the credentials of a caller, or a refusal. */
    authenticate,
    /** Whether the caller sent an access token; false if there are none. */
    showsToken: (authorization: string | null): boolean => findSecret(tokens, authorization) !== undefined,
    /**
     * Replaces all secrets, and revokes the credentials of those that are gone. Whether callers need an access token, or
     * the secret of a router, stays as it is.
     */
    replace: (secrets: AccessSecrets): void => {
      const isSameKey = secrets.apiKey === apiKey;
      ({ tokens, routers, apiKey, keyHeader } = digestsOf(secrets));
      for (const [key, { revocation, router, token, usesKey }] of revocations) {
        const now = token && tokens.find(({ digest }) => digest === token.digest);
        const isRemoved =
          (token !== undefined && now === undefined) ||
          (router !== undefined && routers.every(({ digest }) => digest !== router));
        const isSame = now?.label === token?.label && now?.isReadOnly === token?.isReadOnly;
        if (!isRemoved && isSame && (isSameKey || !usesKey)) continue;
        revocations.delete(key);
        revocation.revoke(isRemoved ? removed() : replaced());
      }
    },
  };
}

/** The refusal of a request without the secret of a router. */
const routerRequired = new Refusal(
  'FORBIDDEN',
  'Requests must come from a router, which sends Router-Authorization: Bearer <secret>.',
);

/** @param name of a header that goes upstream */
function invalidHeader(name: string): Refusal {
  return new Refusal(
    'BAD_REQUEST',
    `Invalid header ${name}: expected text without control characters, and without any beyond U+00FF.`,
  );
}

/** Returns the digests of the tokens and of the routers' secrets; the secrets themselves are not kept. */
function digestsOf({ apiKey, routerSecrets, ...settings }: AccessSecrets) {
  return {
    tokens: readAccessTokens(settings).map(({ token, ...about }) => ({ ...about, digest: digestOf(token) })),
    routers: routerSecrets.map((secret) => ({ digest: digestOf(secret) })),
    apiKey,
    keyHeader: apiKey !== undefined && { authorization: `Bearer ${apiKey}` },
  };
}

/** Finds the secret that was sent as `Bearer <secret>`. */
function findSecret<T extends { readonly digest: string }>(secrets: readonly T[], sent: unknown) {
  if (secrets.length === 0) return undefined;
  const text = typeof sent === 'string' ? sent : '';
  const received = Buffer.from(digestOf(/^Bearer +(\S+)$/i.exec(text)?.[1] ?? ''));
  // All secrets are compared, as digests of equal length, so that timing reveals nothing.
  return secrets.filter((each) => timingSafeEqual(Buffer.from(each.digest), received))[0];
}

function valueOf(sent: SentHeaders, name: string): unknown {
  return Object.hasOwn(sent, name) ? sent[name] : undefined;
}

function digestOf(secret: string): string {
  return hash('sha256', secret);
}
