import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaults, readConfig } from '../../src/config/config.ts';
import { problemsOf } from './problems-of.ts';

const read = (text: string) => readConfig({}, {}, { name: 'my.json', text });

it('An empty object says nothing, and $schema is for editors', () => {
  expect(read('{}')).toEqual(defaults);
  expect(read('{"$schema": "./config.schema.json"}')).toEqual(defaults);
});

it.each([
  ['nothing', '', 'my.json: malformed JSON'],
  ['a comma too many', '{\n  "port": 1,\n}', 'my.json: malformed JSON at line 3, column 1'],
  ['a secret without quotes', '{"apiKey": sk-1}', 'my.json: malformed JSON'],
  ['a list', '[]', 'my.json: expected an object, such as {"port": 4000}'],
  ['null', 'null', 'my.json: expected an object, such as {"port": 4000}'],
])('A file with %s is refused, and none of it is quoted', (_name, text, problem) => {
  expect(problemsOf(() => read(text))).toEqual([problem]);
});

it.each(['toString', '__proto__', 'upstream', 'allow-anonymous', 'allowAnonymous'])(
  'The key %s is not known',
  (key) => {
    expect(problemsOf(() => read(`{"${key}": "secret"}`))).toEqual([
      `my.json: ${key}: unknown key; known keys: ${Object.keys(defaults).join(', ')}`,
    ]);
  },
);

it.each([
  ['PORT', 'port'],
  ['max_cost', 'maxCost'],
  ['upstreamURL', 'upstreamUrl'],
  ['hots', 'host'],
  ['ost', 'host'],
])('The key %s was meant for %s', (key, meant) => {
  expect(problemsOf(() => read(`{"${key}": "secret"}`))).toEqual([
    `my.json: ${key}: unknown key; did you mean ${meant}?`,
  ]);
});

it('The files in the documentation can be read', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const files = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(problemsOf(() => read(file))).toEqual([]);
});
