import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MIN_NODE, nodeProblem } from '../../src/runtime/node-version.ts';

it.each([
  ['4.9.1', 'runs-gateway needs Node 24 or newer, but this is Node 4.9.1.'],
  ['20.20.2', 'runs-gateway needs Node 24 or newer, but this is Node 20.20.2.'],
  ['23.11.1', 'runs-gateway needs Node 24 or newer, but this is Node 23.11.1.'],
  ['24.0.0', undefined],
  ['26.10.0', undefined],
  ['100.0.0', undefined],
  // Another runtime, which tells no version of Node.
  [undefined, undefined],
])('Of Node %s it says: %s', (version, problem) => {
  expect(nodeProblem(version)).toBe(problem);
});

it('The package asks for the same Node as the check', () => {
  const { engines }: { engines: { node: string } } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(engines.node).toBe(`>=${MIN_NODE}`);
});
