import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

test.each([
  [[], {}],
  [['--upstream=http://localhost:8283/v1/'], { CONTRACT_UPSTREAM: 'http://localhost:8283' }],
  [
    ['--upstream', 'https://runs.example', '--api-key', 'key', '--user-id', 'user-1', '--profile', 'cloud'],
    {
      CONTRACT_UPSTREAM: 'https://runs.example',
      CONTRACT_API_KEY: 'key',
      CONTRACT_USER_ID: 'user-1',
      CONTRACT_PROFILE: 'cloud',
    },
  ],
])('%j chooses the server', (args, env) => {
  expect(parseArguments(args)).toEqual({ kind: 'check', env });
});

test('--help wins over everything else', () => {
  expect(parseArguments(['--help', '--upstream', 'nonsense'])).toEqual({ kind: 'help' });
});

test.each([
  [['--upstream', ''], /^--upstream: expected an http or https URL/],
  [['--upstream'], /argument missing/],
  [['--port', '1'], /Unknown option '--port'/],
  [['http://localhost:8283'], /Unexpected argument/],
  [['--profile', 'cloud'], /^--profile, --api-key and --user-id: expected --upstream with them$/],
  [['--upstream', 'http://localhost:8283', '--api-key', 'a b'], /^--api-key: expected visible ASCII/],
])('%j is refused', (args, problem) => {
  expect(() => parseArguments(args)).toThrow(problem);
});
