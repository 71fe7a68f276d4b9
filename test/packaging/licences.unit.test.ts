import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Those that let anyone offer the gateway as a service, under the licence of the gateway. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly license?: string }>>;
}

it('every package that comes with the gateway has a licence without restrictions', () => {
  const { packages }: Lockfile = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  );
  const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  expect(installed.length).toBeGreaterThan(10);
  expect(
    installed
      .filter(([, { license }]) => license === undefined || !ALLOWED.has(license))
      .map(([path, { license }]) => `${path}: ${license}`),
  ).toEqual([]);
});
