/** Creates a formatter of times in the language of the browser. */
function formatter(options: Intl.DateTimeFormatOptions): (time: string | number) => string {
  const format = new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', ...options });
  return (time) => format.format(new Date(time));
}
export const fullTime = formatter({ dateStyle: 'full', timeStyle: 'long' });
export const clockTime = formatter({ timeStyle: 'medium' });
export const shortTime = formatter({ dateStyle: 'medium', timeStyle: 'short' });
export const shortDay = formatter({ month: 'short', day: 'numeric' });
export const hourOf = formatter({ hour: '2-digit', minute: '2-digit' });
const date = formatter({ dateStyle: 'medium' });

/** Units of time with their seconds, the largest first. */
const UNITS = Object.entries({ d: 86_400, h: 3600, min: 60, s: 1 });
const largestUnit = (seconds: number): readonly [name: string, seconds: number] =>
  UNITS.find(([, size]) => size <= seconds) ?? ['s', 1];

/** Returns how long ago a time was, such as `5 min ago`; after a week, its date. */
export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds >= 7 * 86_400) return date(time);
  const [unit, size] = largestUnit(seconds);
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/**
 * @param ns nanoseconds
 * @returns such as `420 ms`, `4.3 s`, `2m 05s`; a dash for none
 */
export function duration(ns: number | null | undefined): string {
  if (ns === null || ns === undefined) return '–';
  const ms = ns / 1e6;
  if (ms < 1) return ms === 0 ? '0 s' : '< 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const [unit, size] = largestUnit(seconds);
  const [next, nextSize] = largestUnit(size - 1);
  const rest = String(Math.floor((seconds % size) / nextSize)).padStart(2, '0');
  return `${Math.floor(seconds / size)}${unit.charAt(0)} ${rest}${next.charAt(0)}`;
}

const NANOSECONDS = new Map(
  Object.entries({ ms: 1e6, s: 1e9, sec: 1e9, m: 60e9, min: 60e9, h: 3600e9, d: 86_400e9 }),
);

/** Returns the nanoseconds of a duration as people write it: `90`, `1.5 min`, `2m 05s`, `PT1M30S`. */
export function nanoseconds(text: string): number | undefined {
  const amounts = text.trim().toLowerCase().replace(/^pt/, '');
  const parts = [...amounts.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/g)];
  if (amounts === '' || parts.map(([part]) => part).join('') !== amounts) return undefined;
  const sizes = parts.map(([, amount, unit]) => {
    const size = NANOSECONDS.get(unit || (parts.length === 1 ? 's' : ''));
    return Number(amount) * (size ?? Number.NaN);
  });
  const total = Math.round(sizes.reduce((sum, size) => sum + size, 0));
  return Number.isNaN(total) ? undefined : total;
}
