import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaults, examineConfig } from '../../src/config/config.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

const read = (text: string) => readConfig({ config: 'my.json' }, {}, { 'my.json': text });

it('An empty object says nothing, and $schema is for editors', () => {
  expect(read('{}')).toMatchObject(defaults);
  expect(read('{"$schema": "./config.schema.json"}')).toMatchObject(defaults);
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

describe('The config file', () => {
  const both = { 'runs-gateway.config.json': '{"port": 1, "host": "::1"}', 'other.json': '{"port": 2}' };

  it('is the one in the working directory, or the one that --config names, which has to be there', () => {
    expect(readConfig({}, {}, both)).toMatchObject({ port: 1, host: '::1' });
    expect(readConfig({ config: 'other.json' }, {}, both)).toMatchObject({ port: 2, host: defaults.host });
    expect(problemsOf(() => readConfig({ config: 'none.json' }, { PORT: 'x' }, both))).toEqual([
      '--config: "none.json": expected a readable file (ENOENT)',
      'PORT: expected a whole number from 0 to 65535, but got "x"',
    ]);
  });

  it('has to be readable if it is there', () => {
    const locked = (): string => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    expect(examineConfig({}, {}, locked).problems).toEqual([
      'runs-gateway.config.json: expected a readable file (EACCES)',
    ]);
  });

  it('can not let others read with the key of the gateway', () => {
    const open = { 'runs-gateway.config.json': '{"host": "0.0.0.0", "apiKey": "sk-1"}' };
    for (const flags of [{}, { 'allow-anonymous': 'off' }]) {
      expect(problemsOf(() => readConfig(flags, {}, open))).toEqual([
        expect.stringMatching(/^HOST: 0\.0\.0\.0 exposes the gateway.*--allow-anonymous/),
      ]);
    }
    expect(readConfig({ 'allow-anonymous': 'on' }, {}, open)).toMatchObject({ host: '0.0.0.0' });
  });
});
