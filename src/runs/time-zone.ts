/** Returns how far the clocks of a time zone are ahead of UTC at an instant, both in milliseconds. */
export type OffsetAt = (ms: number) => number;

const HOUR = 3_600_000;
/** No zone has changed its clocks and changed them back within so many milliseconds: 4 days. */
const SPAN = 96 * HOUR;
const OFFSET = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/;

/**
 * Returns the offsets of a time zone, by an IANA name or as a fixed offset such as `+05:30`; undefined if
 * there is no such zone. An offset takes some time to find out, so it is remembered, and found out once for
 * days in which it stays the same.
 */
export function readTimeZone(name: string): OffsetAt | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const known = new Map<number, number>();
  const findOut = (ms: number): number => {
    const offset = known.get(ms) ?? offsetIn(format.format(ms));
    known.set(ms, offset);
    return offset;
  };
  return (ms) => {
    const start = Math.floor(ms / SPAN) * SPAN;
    const offset = findOut(start);
    return findOut(start + SPAN) === offset ? offset : findOut(ms);
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hour: 'numeric' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads the offset at the end of a text. Times before there were zones have seconds. */
function offsetIn(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(text) ?? [];
  // UTC may be written without digits.
  if (sign === undefined) return 0;
  return Number(`${sign}1`) * (Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds) * 1000);
}
