import type { EventRun, RunEvent } from './run-events.ts';

type Color = 'green' | 'red' | 'yellow' | 'cyan' | 'dim';

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (color: Color, text: string) => string;

const KIND_COLORS: Readonly<Record<string, Color>> = { ADDED: 'green', UPDATED: 'cyan', REMOVED: 'yellow' };
const STATUS_COLORS: Readonly<Record<string, Color>> = {
  CREATED: 'cyan',
  RUNNING: 'cyan',
  COMPLETED: 'green',
  FAILED: 'red',
  CANCELLED: 'yellow',
};
/** Characters of the longest kind, id, status and of most stop reasons. */
const WIDTHS = { kind: 7, id: 40, status: 9, stopReason: 17 };

/**
 * Writes a change as one line of columns: time, kind, id, status, stop reason and agent, what is not known as
 * a dash; then the seconds that the run took, if that is known.
 *
 * @param now the time, in the zone of the terminal
 */
export function eventLine({ kind, runId, run }: RunEvent, now: Date, paint: Paint): string {
  const status = run === null ? 'gone' : known(run.status, run.rawStatus);
  return [
    paint('dim', now.toTimeString().slice(0, 8)),
    painted(KIND_COLORS, kind, WIDTHS.kind, paint),
    printable(runId).padEnd(WIDTHS.id),
    painted(STATUS_COLORS, status, WIDTHS.status, paint),
    printable(known(run?.stopReason, run?.rawStopReason)).padEnd(WIDTHS.stopReason),
    paint('dim', printable(run?.agentId ?? '-')),
    ...durationIn(run),
  ].join('  ');
}

function durationIn(run: EventRun | null): readonly string[] {
  const ns = run?.totalDurationNs ?? null;
  return ns === null ? [] : [`${(ns / 1e9).toFixed(1)} s`];
}

/** Writes a change as one line of JSON. */
export function eventJson({ kind, runId, run }: RunEvent, now: Date): string {
  return JSON.stringify({ time: now.toISOString(), kind, runId, run });
}

/** A value of an enum; one that is newer than the gateway as it is in the runs API. */
function known(value: string | null | undefined, raw: EventRun['rawStatus'] | undefined): string {
  return (value === 'UNRECOGNIZED' ? raw : value) ?? '-';
}

function painted(colors: Readonly<Record<string, Color>>, text: string, width: number, paint: Paint): string {
  const color = colors[text];
  const padded = printable(text).padEnd(width);
  return color === undefined ? padded : paint(color, padded);
}

/** Texts of others must not move the cursor of a terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
