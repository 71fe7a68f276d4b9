import { styleText } from 'node:util';
import type { RunChange } from './documents.ts';

const COLORS = new Map<string, 'cyan' | 'green' | 'red' | 'yellow'>([
  ['CREATED', 'cyan'],
  ['RUNNING', 'cyan'],
  ['COMPLETED', 'green'],
  ['FAILED', 'red'],
  ['CANCELLED', 'yellow'],
]);

/** Returns a change as {@link columns}, in an order that never changes; in colour if the stream is a terminal. */
export function textLine({ kind, runId, run }: RunChange, time: Date, stream: NodeJS.WritableStream): string {
  const status = statusOf(run);
  const ns = run?.totalDurationNs ?? null;
  const seconds = ns === null ? null : (ns / 1e9).toFixed(1);
  const ofRun = [status, run?.rawStopReason?.toUpperCase(), seconds, run?.agentId, run?.failure?.message];
  const line = columns([time.toISOString(), kind, runId, ...ofRun]);
  return styleText(COLORS.get(status) ?? 'reset', line, { stream });
}

/** Returns fields between tabs, with a dash for an absent one. */
export function columns(fields: readonly (string | null | undefined)[]): string {
  return fields.map((field) => printable(field ?? '-')).join('\t');
}

/** Returns the status of a run, also one that is newer than the gateway; `gone` if there is no run. */
export function statusOf(run: RunChange['run']): string {
  return run === null ? 'gone' : (run.rawStatus ?? run.status).toUpperCase();
}

/** Removes the escape sequences by which a text of the runs API could control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
