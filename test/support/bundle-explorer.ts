/** Bundles the page of the explorer, once for all tests. */
export async function setup(): Promise<void> {
  await import('../../scripts/bundle-explorer.ts');
}
