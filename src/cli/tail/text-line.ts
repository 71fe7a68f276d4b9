import { styleText } from 'node:util';
import type { RunChange } from './documents.ts';

const COLORS = new Map<string, 'cyan' | 'green' | 'red' | 'yellow'>([
  ['CREATED', 'cyan'],
  ['RUNNING', 'cyan'],
  ['COMPLETED', 'green'],
  ['FAILED', 'red'],
  ['CANCELLED', 'yellow'],
]);

/**
 * Returns a change as fields between tabs, in an order that never changes, with a dash for an absent field; in colour
 * if the stream is a terminal.
 */
export function textLine({ kind, runId, run }: RunChange, time: Date, stream: NodeJS.WritableStream): string {
  const status = statusOf(run);
  const ns = run?.totalDurationNs ?? null;
  const seconds = ns === null ? '-' : (ns / 1e9).toFixed(1);
  const stopReason = run?.rawStopReason?.toUpperCase() ?? '-';
  const ofRun = [status, stopReason, seconds, run?.agentId ?? '-', run?.failure?.message ?? '-'];
  const fields = [time.toISOString(), kind, runId, ...ofRun];
  return styleText(COLORS.get(status) ?? 'reset', fields.map(printable).join('\t'), { stream });
}

/** Returns the status of a run, also one that is newer than the gateway; `gone` if there is no run. */
export function statusOf(run: RunChange['run']): string {
  return run === null ? 'gone' : (run.rawStatus ?? run.status).toUpperCase();
}

/** Removes the escape sequences by which a text of the runs API could control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
