import { styleText } from 'node:util';

export interface TailedRun {
  readonly id: string;
  readonly rawStatus: string;
  readonly rawStopReason: string | null;
  readonly agentId: string | null;
  readonly createdAt: string;
  readonly totalDurationNs: number | null;
}

/** A change of a list of runs. */
export interface RunChange {
  readonly kind: string;
  readonly runId: string;
  readonly run: TailedRun | null;
}

const COLORS = new Map<string, 'cyan' | 'green' | 'red' | 'yellow'>([
  ['CREATED', 'cyan'],
  ['RUNNING', 'cyan'],
  ['COMPLETED', 'green'],
  ['FAILED', 'red'],
  ['CANCELLED', 'yellow'],
]);

/**
 * Writes a change as fields between tabs, in an order that never changes, with a dash for what isn't known; in colour
 * where the stream is a terminal.
 */
export function textLine({ kind, runId, run }: RunChange, time: Date, stream: NodeJS.WritableStream): string {
  const status = run === null ? 'gone' : run.rawStatus.toUpperCase();
  const ns = run?.totalDurationNs ?? null;
  const seconds = ns === null ? '-' : (ns / 1e9).toFixed(1);
  const stopReason = run?.rawStopReason?.toUpperCase() ?? '-';
  const fields = [time.toISOString(), kind, runId, status, stopReason, seconds, run?.agentId ?? '-'];
  return styleText(COLORS.get(status) ?? 'reset', fields.map(printable).join('\t'), { stream });
}

/** Texts of the runs API must not control the terminal by escape sequences. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
