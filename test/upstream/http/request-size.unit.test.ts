import { expect, it } from 'vitest';
import { isUnusual } from '../../../src/upstream/http/request-size.ts';
import { credentialsOf } from '../../support/credentials.ts';

const KIB = 1024;

it.each([
  ['of a usual size', 100, {}, 10, false],
  ['with a path of almost everything', 7 * KIB, {}, 10, false],
  ['with a long token', 100, { authorization: 8 * KIB }, 10, true],
  ['with a long project', 100, { 'x-project': 8 * KIB }, 10, true],
  [
    'with several headers that are long together',
    100,
    { authorization: 4 * KIB, 'x-tenant': 4 * KIB },
    10,
    true,
  ],
  ['with several headers that are not', 100, { authorization: 3 * KIB, 'x-tenant': 4 * KIB }, 10, false],
  ['with a long id', 100, {}, 8 * KIB, true],
])(
  'Whether a request is so unusual that its failure says nothing is known of one %s',
  (_name, path, headers, requestId, expected) => {
    const values = Object.entries(headers).map(([name, length]) => [name, 'x'.repeat(length)]);
    const caller = { ...credentialsOf('one', Object.fromEntries(values)), requestId: 'x'.repeat(requestId) };
    expect(isUnusual('x'.repeat(path), caller)).toBe(expected);
  },
);
