const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const HOUR = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { month: 'short', day: 'numeric' } as const;

/** Shows times, with the year where it isn't this one. */
function withYear(options: Intl.DateTimeFormatOptions): (time: string | number) => string {
  const thisYear = new Intl.DateTimeFormat(undefined, options);
  const others = new Intl.DateTimeFormat(undefined, { ...options, year: 'numeric' });
  return (time) => {
    const date = new Date(time);
    return (date.getFullYear() === new Date().getFullYear() ? thisYear : others).format(date);
  };
}
export const shortDay = withYear(DAY);
export const shortTime = withYear({ ...DAY, ...HOUR });
export const fullTime = (time: string): string => FULL.format(new Date(time));
export const hourOf = (time: number): string => new Date(time).toLocaleTimeString(undefined, HOUR);

/** How long ago something was. */
export function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return seconds < 7 * 86_400 ? `${Math.floor(seconds / 86_400)} d ago` : shortDay(time);
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
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${hours}h ${two(Math.floor(seconds / 60) % 60)}m`
    : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
const two = (value: number): string => String(value).padStart(2, '0');

const ISO_DURATION = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/i;
const UNITS = new Map(
  Object.entries({ ms: 1e6, '': 1e9, s: 1e9, sec: 1e9, m: 60e9, min: 60e9, h: 3600e9, d: 86_400e9 }),
);

/** Nanoseconds of a duration as people write it: `90s`, `1.5 min`, `PT1M30S`. */
export function nanoseconds(text: string): number | undefined {
  const iso = ISO_DURATION.exec(text.trim());
  if (iso !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0));
    return Math.round((hours * 3600 + minutes * 60 + seconds) * 1e9);
  }
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const size = UNITS.get(unit.toLowerCase());
  return amount === undefined || size === undefined ? undefined : Math.round(Number(amount) * size);
}
