import { quote } from '../lists/list-errors.ts';
import { type ArgumentType, refuse } from './argument-types.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** An ISO 8601 duration without years and months, which have no fixed length. */
const DURATION = /^P(?:(\d+)W|(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?)?)$/;

/** Returns the nanoseconds of an ISO 8601 duration, of which days have 24 hours; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [found, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0, fraction = ''] =
    (text.length <= 64 && DURATION.exec(text)) || [];
  if (found === undefined || found === 'P' || /[1-9]/.test(fraction.slice(9))) return undefined;
  const wholeDays = BigInt(weeks) * 7n + BigInt(days);
  const whole = ((wholeDays * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return Number(whole * NS_PER_SECOND + BigInt(fraction.slice(0, 9).padEnd(9, '0')));
}

/** A whole number, or an ISO 8601 duration. */
export const NANOSECONDS: ArgumentType<number | string, number> = {
  type: 'Nanoseconds',
  read(input, argument) {
    const ns = typeof input === 'string' ? readDuration(input) : input;
    if (ns !== undefined && Number.isSafeInteger(ns) && ns >= 0) return ns;
    const why = /^P[^T]*[YM]/.test(String(input)) ? ' (years and months have no fixed length)' : '';
    return refuse(
      argument,
      `expected a whole number of nanoseconds from 0 to 2^53-1, or an ISO 8601 duration, such as "PT1M" or "PT0.5S", but got ${quote(input)}${why}`,
    );
  },
};
