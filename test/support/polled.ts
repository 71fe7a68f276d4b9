import { expect } from 'vitest';

/**
 * Waits until those who watch a list now know what is there: until its second poll from now on has begun, since each of
 * them asks for the active runs once.
 *
 * @param before how many requests there were before anybody watched
 */
export async function polled(
  { upstreamRequests }: { readonly upstreamRequests: readonly string[] },
  before = upstreamRequests.length,
): Promise<void> {
  const polls = (): number =>
    upstreamRequests.slice(before).filter((url) => url.includes('active=true')).length;
  await expect.poll(polls).toBeGreaterThanOrEqual(2);
}
