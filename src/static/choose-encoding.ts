import Negotiator from 'negotiator';

/**
 * Returns the first encoding that a client accepts; `identity` if it accepts none of them.
 *
 * @param accepted its `Accept-Encoding` header
 */
export function chooseEncoding<Offered extends string>(
  accepted: string | null,
  offered: readonly Offered[],
): Offered | 'identity' {
  if (accepted === null) return 'identity';
  const acceptable = new Negotiator({ headers: { 'accept-encoding': accepted } }).encodings([...offered]);
  return offered.find((encoding) => acceptable.includes(encoding)) ?? 'identity';
}
