import { afterAll } from 'vitest';

/** What is open for all tests of a file or a group. */
export async function forAll<Open extends AsyncDisposable>(opening: Open | Promise<Open>): Promise<Open> {
  const open = await opening;
  afterAll(() => open[Symbol.asyncDispose]());
  return open;
}
