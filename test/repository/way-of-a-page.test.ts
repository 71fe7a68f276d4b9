import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

it('The way of a plain page in the docs names functions that are there, each name once', () => {
  const docs = readFileSync('docs/architecture.md', 'utf8');
  const [, section = ''] = docs.split('### The way of a plain page');
  const steps = section
    .split('\n## ')[0]
    ?.split('\n')
    .map((line) => /\]\(\.\.\/(?<file>src\/[^)]+)\)\s*\|(?<functions>.*)\|/.exec(line)?.groups ?? {})
    .flatMap(({ file, functions = '' }) => {
      const text = file === undefined ? '' : readFileSync(file, 'utf8');
      return [...functions.matchAll(/`(\w+)`/g)].map(([, name = '']) => {
        expect
          .soft(text, `${name} in ${file}`)
          .toMatch(new RegExp(`(?:(?:function |async |override |#|  )${name}[<(]|const ${name} =)`));
        return { file, name: `${file} ${name}` };
      });
    });
  const [files, names] = [new Set(steps?.map(({ file }) => file)), steps?.map(({ name }) => name) ?? []];
  expect(names.length).toBeGreaterThan(45);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeLessThanOrEqual(55);
  expect(files.size).toBeLessThanOrEqual(35);
});

it('Each file of the front door is named in the README of tests', () => {
  const readme = readFileSync('test/README.md', 'utf8');
  const names = globSync('src/{access,http,operations}/**/*.ts').map((file) => path.basename(file, '.ts'));
  expect(names.filter((name) => !new RegExp(`[\`/]${name}\``).test(readme))).toEqual([]);
});
