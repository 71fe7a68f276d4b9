import { describe, expect, it } from 'vitest';
import { differences, REFERENCE, releaseOf, SERVERS } from '../../src/doctor/servers.ts';

describe('A version counts as', () => {
  it.each([
    ['0.11.7', undefined, false],
    ['0.12.0', '0.12.0', false],
    ['0.12.1', '0.12.0', false],
    ['0.13.0', '0.13.0', false],
    ['0.15.1', '0.15.0', false],
    ['0.16.0', '0.15.0', false],
    ['0.16.4', '0.16.2', false],
    ['0.16.6', '0.16.5', false],
    ['0.16.7', '0.16.7', false],
    ['0.16.8', '0.16.7', true],
    ['0.16', '0.15.0', false],
    ['v1.0.0-rc1', '0.16.7', true],
    ['0.9.12', undefined, false],
  ])('%s: the release %s', (version, name, isNewer) => {
    const known = releaseOf(version);
    expect([known?.release?.name, known?.isNewer]).toEqual([name, isNewer]);
  });

  it.each(['', 'latest', '16'])('nothing known: %j', (version) => {
    expect(releaseOf(version)).toBeUndefined();
  });
});

it('The releases are in order, and the last one differs in nothing', () => {
  const names = SERVERS.slice(0, -1).map(({ name }) => name);
  expect(names).toEqual(names.toSorted(new Intl.Collator('en', { numeric: true }).compare));
  expect(differences(REFERENCE)).toEqual([]);
  expect(SERVERS.map((server) => differences(server).length)).toEqual([9, 9, 4, 4, 3, 2, 0, 0, 4]);
});
