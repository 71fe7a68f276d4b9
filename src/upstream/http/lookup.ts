import dns, { type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Finds all addresses of a name, as `dns.lookup` does. */
export type FindAddresses = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

const byChance = (a: LookupAddress, b: LookupAddress) => (a.family === b.family ? Math.random() - 0.5 : 0);

/** Resolves a name for each new connection, the addresses of each family in an order by chance: connections spread. */
export function createLookup(findAddresses: FindAddresses = dns.lookup): LookupFunction {
  return (hostname, { all = false }, callback) =>
    findAddresses(hostname, { all: true }, (error, found = []) => {
      const addresses = found.toSorted(byChance);
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      if (all) callback(error, addresses);
      else callback(error, address, family);
    });
}
