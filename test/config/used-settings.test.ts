import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';

const SRC = new URL('../../src/', import.meta.url);

const SOURCES = globSync('**/*.ts', { cwd: SRC })
  .filter((file) => !file.startsWith('config/'))
  .map((file) => readFileSync(new URL(file, SRC), 'utf8'))
  .join('\n');

it.each(Object.keys(GATEWAY_SETTINGS))('The setting %s is read outside of src/config', (name) => {
  const used = new RegExp(String.raw`\b(?:config|options|settings)\.${name}\b|\{[^{}]*\b${name}\b[^{}]*\}`);
  expect(used.test(SOURCES), `nothing reads ${name}: hand it on in src/gateway.ts`).toBe(true);
});
