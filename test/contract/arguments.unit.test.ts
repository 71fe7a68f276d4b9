import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

test.each([
  [[], 'embedded', {}],
  [['--upstream', 'http://localhost:8283'], 'address', { CONTRACT_UPSTREAM: 'http://localhost:8283' }],
  [['--upstream=http://localhost:8283/v1/'], 'address', { CONTRACT_UPSTREAM: 'http://localhost:8283' }],
  [
    ['--upstream', 'https://runs.example', '--api-key', 'key', '--user-id', 'user-1'],
    'address',
    { CONTRACT_UPSTREAM: 'https://runs.example', CONTRACT_API_KEY: 'key', CONTRACT_USER_ID: 'user-1' },
  ],
  [
    ['--upstream', 'https://api.example', '--profile', 'cloud'],
    'address',
    { CONTRACT_UPSTREAM: 'https://api.example', CONTRACT_PROFILE: 'cloud' },
  ],
])('%j chooses the file and its environment', (args, file, env) => {
  expect(parseArguments(args)).toEqual({ kind: 'check', file: `test/contract/${file}.test.ts`, env });
});

test('--help wins over everything else', () => {
  expect(parseArguments(['--help', '--upstream', 'nonsense'])).toEqual({ kind: 'help' });
});

test.each([
  [['--upstream', 'nonsense'], /^--upstream: expected an http or https URL/],
  [['--upstream', ''], /^--upstream: expected an http or https URL/],
  [['--upstream'], /argument missing/],
  [['--port', '1'], /Unknown option '--port'/],
  [['http://localhost:8283'], /Unexpected argument/],
  [['--api-key', 'key'], /^--profile, --api-key and --user-id: expected --upstream with them$/],
  [['--profile', 'cloud'], /^--profile, --api-key and --user-id: expected --upstream with them$/],
  [['--upstream', 'http://localhost:8283', '--api-key', 'a b'], /^--api-key: expected visible ASCII/],
])('%j is refused', (args, problem) => {
  expect(() => parseArguments(args)).toThrow(problem);
});
