import { afterAll } from 'vitest';

/** What is open for all tests of a file. */
export async function forAll<Open extends AsyncDisposable>(opening: Promise<Open>): Promise<Open> {
  const open = await opening;
  afterAll(() => open[Symbol.asyncDispose]());
  return open;
}
