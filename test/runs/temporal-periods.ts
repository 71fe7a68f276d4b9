/** Whether this Node has Temporal: from 26 on. */
export const HAS_TEMPORAL = 'Temporal' in globalThis;

/** The units of time of `overTime`. */
export const UNITS = ['HOUR', 'DAY', 'WEEK'] as const;
export type Unit = (typeof UNITS)[number];

/** Zones that change their clocks by half an hour, at midnight, or that skipped a day, and usual ones. */
export const ZONES = [
  ['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Havana'],
  ['America/Nuuk', 'America/Santiago', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Beirut', 'Africa/Casablanca'],
  ['Africa/Cairo', 'Antarctica/Troll', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Chatham', '-03:30'],
].flat();

const QUARTER = 900_000;

/** Returns the start of the period of an instant since 2012, as Temporal has it. */
export function periodStart(ms: number, unit: Unit, zone: string): number {
  const at = shown(ms, zone);
  if (unit === 'DAY') return at.startOfDay().epochMilliseconds;
  if (unit === 'WEEK') return at.subtract({ days: at.dayOfWeek - 1 }).startOfDay().epochMilliseconds;
  // All offsets are of quarters of an hour.
  for (let start = Math.floor(ms / QUARTER) * QUARTER; ; start -= QUARTER) {
    if (isHour(start, zone)) return start;
  }
}

/** Whether clocks show a full hour, or would have if they weren't changed to another hour just then. */
function isHour(ms: number, zone: string): boolean {
  const [before, at] = [shown(ms - 1, zone), shown(ms, zone)];
  return at.minute === 0 || (before.minute === 59 && before.hour !== at.hour);
}

function shown(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}
