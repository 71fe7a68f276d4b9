/** The first and the last instant of years of four digits, which compare as texts. */
export const EARLIEST = microsOf('0001-01-01T00:00:00.000000');
export const LATEST = microsOf('9999-12-31T23:59:59.999999');

/** Returns the microsecond before an instant in the format of `instantOf`; null for the earliest. */
export function previousInstant(instant: string): string | null {
  const micros = microsOf(instant);
  return micros <= EARLIEST ? null : instantOfMicros(micros - 1n);
}

/** Returns the microseconds since 1970 of an instant in the format of `instantOf`. */
export function microsOf(instant: string): bigint {
  return BigInt(Date.parse(`${instant.slice(0, 19)}Z`)) * 1000n + BigInt(instant.slice(20));
}

/** Returns an instant in the format of `instantOf` by its microseconds since 1970. */
export function instantOfMicros(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19);
  return `${whole}.${String(rest).padStart(6, '0')}`;
}
