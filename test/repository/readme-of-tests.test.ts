import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

it('Each file of the front door is named in the README of tests', () => {
  const readme = readFileSync('test/README.md', 'utf8');
  const names = globSync('src/{access,http,operations}/**/*.ts').map((file) => path.basename(file, '.ts'));
  expect(names.filter((name) => !new RegExp(`[\`/]${name}\``).test(readme))).toEqual([]);
});
