import { listOf, matching, textual, wholeNumber } from './kind-constructors.ts';
import { type Kind, Mismatch } from './kind.ts';

export const port = wholeNumber(0, 65_535, 'PORT');

export const onOff: Kind<boolean> = {
  placeholder: 'on|off',
  fromText: (text) => (text === 'on' || text === 'off' ? text === 'on' : new Mismatch(onOff.allowed.text)),
  fromJson: (value) => (typeof value === 'boolean' ? value : new Mismatch(onOff.allowed.json)),
  schema: { type: 'boolean' },
  allowed: { text: 'one of on, off', json: 'true or false' },
};

export const host = matching('HOST', 'a host name or an IP address', /^[0-9A-Za-z.:_-]+$/);

/** The path of a file, which is checked when it is opened. */
export const path = matching('FILE', 'the path of a file', /^[^\0]+$/);

/** Matches any letter case without a regex flag, because JSON Schema patterns have none. */
const HTTP = /^[Hh][Tt][Tt][Pp][Ss]?:/;

/**
 * The root URL of an API. People often paste it with the version prefix of its paths, so trailing
 * slashes and a trailing `/v1` are removed.
 */
export const apiRoot: Kind<string> = textual(
  'URL',
  'an http or https URL without credentials, query or fragment, such as http://localhost:8283',
  { type: 'string', pattern: HTTP.source, examples: ['http://localhost:8283'] },
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isPlain =
      url !== null && HTTP.test(text) && !/[?#]/.test(text) && url.username + url.password === '';
    return isPlain ? text.replace(/\/+$/, '').replace(/\/v1$/, '') : undefined;
  },
  // The part before an @ may be a password, even in an invalid URL.
  (text) => text.includes('@'),
);

/** The value of a header. */
export const headerText = (placeholder: string): Kind<string> =>
  matching(
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

const SECRET = /^[!-~]+$/;

/** A secret that can be sent in an HTTP header. */
export const secret = matching('SECRET', 'visible ASCII characters', SECRET, { isSecret: true });

export const secrets = listOf('SECRETS', 'tokens of visible ASCII characters', SECRET, { isSecret: true });

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
  { isValid: (text) => !/^https?:/.test(text) || (URL.canParse(text) && new URL(text).origin === text) },
);
