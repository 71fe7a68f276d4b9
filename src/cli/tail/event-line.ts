import type { EventRun, RunEvent } from './run-events.ts';

type Color = 'green' | 'red' | 'yellow' | 'cyan' | 'dim';

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string;

const COLORS: Readonly<Record<string, Color>> = {
  ADDED: 'green',
  UPDATED: 'cyan',
  REMOVED: 'yellow',
  CREATED: 'cyan',
  RUNNING: 'cyan',
  COMPLETED: 'green',
  FAILED: 'red',
  CANCELLED: 'yellow',
};
/** Columns of a terminal from which on there is room for the kind and the whole id. */
const WIDE = 100;
/** Characters of an id that tell runs apart, as in the explorer. */
const SHORT_ID = 12;
/** Columns with fewer characters than this are useless, and left out. */
const MIN_CELL = 6;
const GAP = '  ';
/** Characters that are twice as wide in a terminal. */
const TWO_COLUMNS =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{Emoji_Presentation}\u{FF01}-\u{FF60}]/gu;
const DAY_MS = 86_400_000;

/**
 * Writes a change as one line for a terminal: time, kind, status, duration, id, agent and stop reason, what is not
 * known as a dash. What doesn't fit is cut off.
 *
 * @param time in the zone of the terminal
 * @param agent its name
 * @param columns of the terminal
 */
export function eventLine(event: RunEvent, time: Date, agent: string, columns: number, paint: Paint): string {
  const { kind, status, runId, stopReason, seconds } = textsOf(event);
  const duration = seconds === '-' ? '-' : `${seconds} s`;
  const isWide = columns >= WIDE;
  const cells: readonly (readonly [text: string, width: number, color?: Color])[] = [
    [clockOf(time), 8, 'dim'],
    ...(isWide ? [[kind, 7] as const] : []),
    [status, 9],
    [duration.padStart(8), 8],
    isWide ? [runId, 40] : [runId.slice(0, SHORT_ID), SHORT_ID],
    [agent, 20],
    [stopReason, 40],
  ];
  let left = columns;
  const shown = cells.flatMap(([text, width, color = COLORS[text]]) => {
    if (left < Math.min(width, MIN_CELL)) return [];
    const plain = fitted(printable(text), Math.min(left, width));
    left -= width + GAP.length;
    return color === undefined ? [plain] : [paint(color, plain)];
  });
  return shown.join(GAP).trimEnd();
}

/** Writes a change as fields between tabs, for other programs: the order never changes, new fields come last. */
export function eventFields(event: RunEvent, time: Date, agent: string): string {
  const { kind, status, runId, stopReason, seconds } = textsOf(event);
  const agentId = event.run?.agentId ?? '-';
  const fields = [time.toISOString(), kind, runId, status, stopReason, seconds, agentId, agent];
  return fields.map(printable).join('\t');
}

/** Writes a change as one line of JSON. */
export function eventJson({ kind, runId, run }: RunEvent, time: Date): string {
  return JSON.stringify({ time: time.toISOString(), kind, runId, run });
}

/** Texts of others must not move the cursor of a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}

function textsOf({ kind, runId, run }: RunEvent) {
  const ns = run?.totalDurationNs ?? null;
  return {
    kind,
    runId,
    status: run === null ? 'gone' : known(run.status, run.rawStatus),
    stopReason: known(run?.stopReason, run?.rawStopReason),
    seconds: ns === null ? '-' : (ns / 1e9).toFixed(1),
  };
}

/** The time of day, or the date of what is older than a day. */
function clockOf(time: Date): string {
  if (Date.now() - time.getTime() < DAY_MS) return time.toTimeString().slice(0, 8);
  return [time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** Fills a text with spaces, or cuts it off, to a number of columns. */
function fitted(text: string, columns: number): string {
  const taken = widthOf(text);
  if (taken <= columns) return text + ' '.repeat(columns - taken);
  let cut = '';
  for (const character of text) {
    if (widthOf(cut + character) >= columns) break;
    cut += character;
  }
  return fitted(`${cut}…`, columns);
}

/** The columns that a text takes in a terminal. */
function widthOf(text: string): number {
  return text.replaceAll(/\p{M}/gu, '').replaceAll(TWO_COLUMNS, '12').length;
}

/** A value of an enum; one that is newer than the gateway as it is in the runs API. */
function known(value: string | null | undefined, raw: EventRun['rawStatus'] | undefined): string {
  return (value === 'UNRECOGNIZED' ? raw : value) ?? '-';
}
