import { describe, expect, it } from 'vitest';
import { oneOf, oneOfOrAuto, wholeNumber } from '../../src/config/kind-constructors.ts';
import { type Kind, Mismatch, type SettingValue } from '../../src/config/kind.ts';
import { accessTokens, apiRoot, host, onOff, path, port, secret } from '../../src/config/kinds.ts';

const CURSORS = ['reversed', 'documented'];

/** Stands for a mismatch, so that a table can say it. */
const REFUSED = 'refused';

function outcome(value: unknown): unknown {
  return value instanceof Mismatch ? REFUSED : value;
}

describe('A text of a flag or variable', () => {
  it.each<[string, Kind<SettingValue>, string, unknown]>([
    ['the least whole number', wholeNumber(5, 9), '5', 5],
    ['the greatest whole number', wholeNumber(5, 9), '9', 9],
    ['too little', wholeNumber(5, 9), '4', REFUSED],
    ['too much', wholeNumber(5, 9), '10', REFUSED],
    ['a fraction', wholeNumber(5, 9), '5.5', REFUSED],
    ['an exponent', wholeNumber(5, 9999), '1e3', REFUSED],
    ['leading zeros', wholeNumber(5, 9), '005', 5],
    ['any free port', port, '0', 0],
    ['the last port', port, '65535', 65_535],
    ['one of the values', oneOf(CURSORS), 'documented', 'documented'],
    ['none of the values', oneOf(CURSORS), 'auto', REFUSED],
    ['auto', oneOfOrAuto(CURSORS), 'auto', undefined],
    ['none of the values, nor auto', oneOfOrAuto(CURSORS), 'klingon', REFUSED],
    ['on', onOff, 'on', true],
    ['off', onOff, 'off', false],
    ['neither on nor off', onOff, 'true', REFUSED],
    ['a host name', host, 'gateway.internal', 'gateway.internal'],
    ['an IPv6 address', host, '::1', '::1'],
    ['a host with a path', host, 'a/b', REFUSED],
    ['a path', path, 'my runs.db', 'my runs.db'],
    ['no path', path, '', REFUSED],
    ['an address', apiRoot, 'http://a.test:8283', 'http://a.test:8283'],
    ['an address with slashes at its end', apiRoot, 'http://a.test/letta//', 'http://a.test/letta'],
    ['an address with the version', apiRoot, 'HTTPS://a.test/v1/', 'HTTPS://a.test'],
    ['an address without a scheme', apiRoot, 'localhost:8283', REFUSED],
    ['an address of another scheme', apiRoot, 'ftp://a.test', REFUSED],
    ['an address with a query', apiRoot, 'http://a.test/?', REFUSED],
    ['an address with a fragment', apiRoot, 'http://a.test/#a', REFUSED],
    ['an address with a user', apiRoot, 'http://user@a.test', REFUSED],
    ['a secret', secret, 'sk-1,2', 'sk-1,2'],
    ['a secret with a space', secret, 'sk 1', REFUSED],
    ['tokens', accessTokens, 'a, bob:b', ['a', 'bob:b']],
    ['tokens with nothing between commas', accessTokens, 'a,,b', REFUSED],
    ['a label without a token', accessTokens, 'a,bob:', REFUSED],
  ])('%s', (_name, kind, text, expected) => {
    expect(outcome(kind.fromText(text))).toEqual(expected);
  });
});

describe('A value of the file', () => {
  it.each<[string, Kind<SettingValue>, unknown, unknown]>([
    ['a whole number', wholeNumber(5, 9), 5, 5],
    ['a number in quotes', wholeNumber(5, 9), '5', REFUSED],
    ['not a finite number', wholeNumber(5, 9), Number.POSITIVE_INFINITY, REFUSED],
    ['true', onOff, true, true],
    ['on in quotes', onOff, 'on', REFUSED],
    ['auto', oneOfOrAuto(CURSORS), 'auto', undefined],
    ['null', oneOfOrAuto(CURSORS), null, REFUSED],
    ['an address', apiRoot, 'http://a.test/v1', 'http://a.test'],
    ['no tokens', accessTokens, [], []],
    ['tokens that have commas', accessTokens, ['a,b'], ['a,b']],
    ['tokens in one text', accessTokens, 'a,b', REFUSED],
  ])('%s', (_name, kind, value, expected) => {
    expect(outcome(kind.fromJson(value))).toEqual(expected);
  });
});

it.each<[string, Kind<SettingValue>, string]>([
  ['a key', secret, 'sk ünsafe'],
  ['tokens', accessTokens, 'a,,b'],
  ['an address with a password', apiRoot, 'ftp://user:password@a.test'],
  ['an address with a password and no scheme', apiRoot, 'user:password@a.test'],
])('What may be secret is not shown: %s', (_name, kind, text) => {
  expect(kind.fromText(text)).toMatchObject({ secret: true });
});
