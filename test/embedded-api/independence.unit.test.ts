import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOM = resolve('embedded-api');

test('the embedded API imports nothing from the rest of the gateway', () => {
  const files = globSync('**/*.ts', { cwd: ROOM });
  expect(files.length).toBeGreaterThan(10);
  const outside = files.flatMap((file) =>
    [...readFileSync(join(ROOM, file), 'utf8').matchAll(/\b(?:from|import\()\s*'(\.[^']+)'/g)]
      .map(([, target = '']) => resolve(ROOM, file, '..', target))
      .filter((target) => !target.startsWith(`${ROOM}/`))
      .map((target) => `${file} imports ${target}`),
  );
  expect(outside).toEqual([]);
});
