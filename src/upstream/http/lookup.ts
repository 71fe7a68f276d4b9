import { type LookupAddress, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { callbackify } from 'node:util';

/** Returns all addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Milliseconds after which the addresses that were known before are used. */
const PATIENCE_MS = 500;

const resolveAll: Resolve = (hostname) => dns.lookup(hostname, { all: true });

/**
 * Resolves one name for each new connection, in an order by chance within each family, so that connections spread over
 * its addresses; Node tries the next one where one fails. A resolver that fails or is slow stops nothing: the
 * last addresses that it gave are used, unless it says that there are none any more. State that outlives a request, written by the resolver alone.
 */
export function createLookup(resolve: Resolve = resolveAll): LookupFunction {
  let known: readonly LookupAddress[] | undefined;
  let asked: Promise<readonly LookupAddress[]> | undefined;

  const ask = async (hostname: string): Promise<readonly LookupAddress[]> => {
    try {
      return (known = await resolve(hostname));
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
      if (known === undefined || isGone) throw error;
      return known;
    } finally {
      asked = undefined;
    }
  };

  const addressesOf = callbackify(async (hostname: string): Promise<readonly LookupAddress[]> => {
    asked ??= ask(hostname);
    const before = known;
    const waited = before === undefined ? [] : [sleep(PATIENCE_MS, before, { ref: false })];
    const addresses = shuffled(await Promise.race([asked, ...waited]));
    if (addresses.length === 0) throw new Error(`${hostname} has no address`);
    return addresses;
  });

  return (hostname, { all = false }, callback) =>
    addressesOf(hostname, (error, addresses) => {
      const found = error === null ? [...addresses] : [];
      const [{ address, family } = NONE] = found;
      if (all) callback(error, found);
      else callback(error, address, family);
    });
}

const NONE = { address: '', family: 0 };

/** The family that the resolver prefers stays first. */
function shuffled(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
  const preferred = addresses[0]?.family;
  return addresses
    .map((address) => ({ address, rank: Number(address.family !== preferred) + Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
}
