const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

const MICROS_PER_MINUTE = 60_000_000n;
/** The first and the last instant of years of four digits, which compare as texts. */
const EARLIEST = microsOf('0001-01-01T00:00:00.000000');
const LATEST = microsOf('9999-12-31T23:59:59.999999');

/**
 * Reads an RFC 3339 date and time with a zone as a bound of time, in the format of `instantOf`, or returns null. It is
 * rounded up to a whole microsecond, as runs have: the same runs lie on each side of it.
 */
export function readBoundInstant(text: string): string | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours = '0', minutes = '0'] = match;
  const date = `${year}-${month}-${day}`;
  const whole = `${date}T${hour}:${minute}:${second}.${fraction.slice(0, 6).padEnd(6, '0')}`;
  const midnight = new Date(`${date}T00:00:00Z`);
  // V8 reads February 30 as a day of March.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return null;
  const offset = (BigInt(hours) * 60n + BigInt(minutes)) * MICROS_PER_MINUTE;
  const isBetween = /[1-9]/.test(fraction.slice(6));
  const micros = microsOf(whole) - (sign === '-' ? -offset : offset) + (isBetween ? 1n : 0n);
  return micros < EARLIEST || micros > LATEST ? null : textOf(micros);
}

/** Returns the microsecond before an instant in the format of `instantOf`; null for the earliest. */
export function previousInstant(instant: string): string | null {
  const micros = microsOf(instant);
  return micros <= EARLIEST ? null : textOf(micros - 1n);
}

function microsOf(instant: string): bigint {
  return BigInt(Date.parse(`${instant.slice(0, 19)}Z`)) * 1000n + BigInt(instant.slice(20));
}

function textOf(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19);
  return `${whole}.${String(rest).padStart(6, '0')}`;
}
