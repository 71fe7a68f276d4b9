import { once } from 'node:events';
import process from 'node:process';
import { readList, requireAgent, type RunChange } from '../gateway-client/documents.ts';
import { followRuns } from '../gateway-client/follow-runs.ts';
import { type Report, runClient } from '../gateway-client/run-client.ts';
import { textLine } from '../gateway-client/text-line.ts';
import type { TailConfig } from './settings.ts';

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
  const { nodes, cursor } = await readList(config, config.last);
  await requireAgent(config);
  for (const run of nodes.toReversed())
    await write({ kind: 'LISTED', runId: run.id, run }, new Date(run.createdAt));
  const recover = async () => {
    report('changes meanwhile are not shown');
    return (await readList(config, 0)).cursor;
  };
  for await (const { kind, runId, run } of followRuns(config, cursor, report, recover))
    await write({ kind, runId, run }, new Date());
}
