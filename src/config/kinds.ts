import { listOf, text, wholeNumber } from './kind-constructors.ts';
import { asSecret, createKind, type Kind } from './kind.ts';

export const port = wholeNumber(0, 65_535, 'PORT');

export const onOff = createKind<boolean>({
  placeholder: 'on|off',
  schema: { type: 'boolean' },
  allowed: 'true or false',
  allowedText: 'one of on, off',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  toJson: (given) => (given === 'on' || given === 'off' ? given === 'on' : given),
});

export const host = text('HOST', 'a host name or an IP address', /^[0-9A-Za-z.:_-]+$/);

/** The path of a file, which is checked when it is opened. */
export const path = text('FILE', 'the path of a file', /^[^\0]+$/);

/** Matches any letter case without a regex flag, because JSON Schema patterns have none. */
const HTTP = /^[Hh][Tt][Tt][Pp][Ss]?:/;

/** An http or https URL without credentials. @param read returns its canonical form; undefined if it is refused */
export const url = (allowed: string, example: string, read: (text: string, url: URL) => string | undefined) =>
  text('URL', `${allowed}, such as ${example}`, HTTP, {
    examples: [example],
    read(given) {
      const parsed = URL.canParse(given) ? new URL(given) : undefined;
      return parsed === undefined || parsed.username + parsed.password !== ''
        ? undefined
        : read(given, parsed);
    },
    // The part before an @ may be a password, even in an invalid URL.
    isSecret: (refused) => typeof refused === 'string' && refused.includes('@'),
  });

/**
 * The root URL of an API. People often paste it with the version prefix of its paths, so trailing
 * slashes and a trailing `/v1` are removed.
 */
export const apiRoot = url(
  'an http or https URL without credentials, query or fragment',
  'http://localhost:8283',
  (given) => (/[?#]/.test(given) ? undefined : given.replace(/\/+$/, '').replace(/\/v1$/, '')),
);

/** A URL that may hold a password, which is decoded when it is used. */
const urlWithPassword = (allowed: string, pattern: RegExp, example: string) =>
  text('URL', `${allowed}, such as ${example}`, pattern, {
    examples: [example],
    read: (given) => (isDecodable(URL.parse(given)) ? given : undefined),
    isSecret: () => true,
  });

function isDecodable(given: URL | null): boolean {
  try {
    decodeURIComponent(`${given?.username}:${given?.password}`);
    return given !== null;
  } catch {
    return false;
  }
}

export const proxyUrl = asSecret(
  urlWithPassword(
    'an http or https URL, with or without percent-encoded credentials',
    HTTP,
    'http://user:password@proxy.test:3128',
  ),
);

export const storeUrl = asSecret(
  urlWithPassword(
    'a redis or rediss URL, with or without percent-encoded credentials',
    /^rediss?:\/\//,
    'redis://user:password@redis.test:6379/0',
  ),
);

/** The value of a header. */
export const headerText = (placeholder: string): Kind<string> =>
  text(
    placeholder,
    'visible ASCII characters, with spaces only between them',
    /^[!-~](?:[ -~]{0,254}[!-~])?$/,
  );

/** Names of headers. Which of them may be forwarded is checked with all settings. */
export const headerNames = listOf(
  'NAMES',
  'names of headers such as X-Tenant',
  /^[0-9A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]*$/,
  { examples: ['X-Tenant', 'X-Bare-Password'] },
);

/** A secret that can be sent in an HTTP header. */
export const secret = asSecret(
  text('SECRET', 'visible ASCII characters', /^[!-~]+$/, { isSecret: () => true }),
);

export const secrets = asSecret(
  listOf('SECRETS', 'secrets of visible ASCII characters', /^[!-~]+$/, { isSecret: () => true }),
);

/** Access tokens, each alone or as `label:token`. Nothing behind the last colon would be a token that was forgotten. */
export const accessTokens = asSecret(
  listOf(
    'TOKENS',
    'tokens of visible ASCII characters, each with or without a label, such as alice:TOKEN',
    /^[!-~]*[!-9;-~]$/,
    { isSecret: () => true, examples: ['alice:TOKEN', 'TOKEN-2'] },
  ),
);

/** Hosts of requests, by name or address. */
export const hosts = listOf(
  'HOSTS',
  'names or addresses, each with or without a port, such as gateway.test or [fd00::7]:4000, or *',
  /^(?:\*|(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::\d{1,5})?)$/,
);

/** Origins of web pages as browsers send them: in lower case, without a path and without a default port. */
export const origins = listOf(
  'ORIGINS',
  'origins such as https://app.example.com or http://localhost:5173, without a path, or *',
  /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/\\?#@,*A-Z]+)$/,
  { read: (given) => (!/^https?:/.test(given) || URL.parse(given)?.origin === given ? given : undefined) },
);
