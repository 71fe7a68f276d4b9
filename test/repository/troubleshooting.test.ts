import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors/error-codes.ts';
import { PAGES, ROOT } from './pages.ts';

const source = globSync('src/**/*.ts', { cwd: ROOT })
  .map((file) => readFileSync(`${ROOT}${file}`, 'utf8'))
  .join('\n');
const page = PAGES.get('docs/troubleshooting.md') ?? '';

/** What the tables quote as a message: code in their cells that has a space. */
const quoted = [...page.matchAll(/^\|.*$/gm)]
  .flatMap(([row]) => [...row.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code))
  .filter(
    (code) =>
      /^[^:]*[a-z,] [a-z]/i.test(code) &&
      !/^(?:Authorization|Accept|Content-Type)|^npm |^precision|^runs-gateway|^runs:/.test(code),
  );

it('The messages that docs/troubleshooting.md quotes are those of the gateway', () => {
  expect(quoted.length).toBeGreaterThan(40);
  expect(quoted.filter((message) => !source.includes(message))).toEqual([]);
});

it('The codes and settings that it names are those of the gateway', () => {
  const codes = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code = '']) => code);
  const unknown = codes.filter((code) => !Object.hasOwn(ERROR_CODES, code) && !source.includes(code));
  // Settings are derived from their keys: they are in the table of docs/configuration.md.
  const settings = PAGES.get('docs/configuration.md') ?? '';
  expect(unknown.filter((code) => !settings.includes(`\`${code}\``))).toEqual([]);
});
