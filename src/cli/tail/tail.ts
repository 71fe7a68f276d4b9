import { once } from 'node:events';
import process from 'node:process';
import { MAX_LATE_MS, readRuns, type RunChange } from './documents.ts';
import { follow } from './follow.ts';
import { type Report, runClient } from './run-client.ts';
import type { TailConfig } from './settings.ts';
import { textLine } from './text-line.ts';

/** Prints the last runs, then runs as they change, until a signal, or until the reader of a pipe is gone. */
export async function tail(config: TailConfig): Promise<void> {
  await runClient('tail', config, (report) => printRuns(config, report));
}

async function printRuns(config: TailConfig, report: Report): Promise<void> {
  const { stdout } = process;
  const write = async (change: RunChange, time: Date): Promise<void> => {
    const line = config.json ? JSON.stringify({ time, ...change }) : textLine(change, time, stdout);
    if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
  };
  const { last: first } = config;
  const last = first === 0 ? [] : await readRuns(config, { first });
  for (const run of last.toReversed()) {
    await write({ kind: 'LISTED', runId: run.id, run }, new Date(run.createdAt));
  }
  const listed = new Map(last.map(({ id, rawStatus }) => [id, rawStatus]));
  const printedSince = Date.parse(last[0]?.createdAt ?? '') - MAX_LATE_MS;
  // After the oldest of them, since others may have ended meanwhile.
  for await (const { kind, runId, run } of follow(config, last.at(-1)?.id, report)) {
    // A subscription after a run's id begins with all runs that haven't ended, even older than that run.
    const isOld = config.statuses === undefined && Date.parse(run?.createdAt ?? '') < printedSince;
    const isPrinted = listed.has(runId) ? listed.get(runId) === run?.rawStatus : isOld;
    listed.delete(runId);
    if (kind !== 'ADDED' || !isPrinted) await write({ kind, runId, run }, new Date());
  }
}
