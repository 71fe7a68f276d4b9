import { type LookupAddress, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { callbackify } from 'node:util';

/** Returns all addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Milliseconds after which the addresses that were known before are used. */
const PATIENCE_MS = 500;

const resolveAll: Resolve = (hostname) => dns.lookup(hostname, { all: true });
const byChance = (a: LookupAddress, b: LookupAddress) => (a.family === b.family ? Math.random() - 0.5 : 0);

/**
 * Resolves one name for each new connection, the addresses of each family in an order by chance: connections spread. A
 * resolver that fails or is slow, as in Kubernetes, stops nothing: the last addresses are used, unless there are none now.
 */
export function createLookup(resolve: Resolve = resolveAll): LookupFunction {
  let known: readonly LookupAddress[] = [];
  let asked: Promise<readonly LookupAddress[]> | undefined;

  const ask = async (hostname: string): Promise<readonly LookupAddress[]> => {
    try {
      return (known = await resolve(hostname));
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
      if (known.length === 0 || isGone) throw error;
      return known;
    } finally {
      asked = undefined;
    }
  };

  const addressesOf = callbackify(async (hostname: string): Promise<readonly LookupAddress[]> => {
    asked ??= ask(hostname);
    const late = known.length === 0 ? [] : [sleep(PATIENCE_MS, known, { ref: false })];
    const addresses = await Promise.race([asked, ...late]);
    if (addresses.length === 0) throw new Error(`${hostname} has no address`);
    return addresses;
  });
  return (hostname, { all = false }, callback) =>
    addressesOf(hostname, (error, found) => {
      const addresses = error === null ? found.toSorted(byChance) : [];
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      if (all) callback(error, addresses);
      else callback(error, address, family);
    });
}
