import { once } from 'node:events';
import http from 'node:http';
import process from 'node:process';
import { styleText } from 'node:util';
import type { TailConfig } from '../../config/tail-settings.ts';
import { isLoopback } from '../../server/hosts.ts';
import { print } from '../terminal.ts';
import { createAgentNames } from './agent-names.ts';
import { ask } from './ask.ts';
import { eventFields, eventJson, eventLine, type Paint, printable } from './event-line.ts';
import { filtersOf, follow, TailError } from './follow.ts';
import { type EventRun, LAST_RUNS, type RunEvent } from './run-events.ts';

const EXIT_CODE_FAILED = 1;
/** As shells report a program that a signal has ended. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Colours only on a terminal, and without `NO_COLOR`. */
const paint: Paint = (color, text) => styleText(color, text, { stream: process.stdout });

function report(text: string): void {
  print(process.stderr, [`runs-gateway tail: ${printable(text)}`]);
}

/** Runs that are printed first, unless the command line says how many, and a width where none is known. */
const LAST = 10;
const COLUMNS = 120;
/** Milliseconds by which a run may appear later than a newer one. */
const MAX_DELAY_MS = 10_000;

/** Prints the last runs, then runs as they change, until a signal, or until no program reads what is printed. */
export async function tail(config: TailConfig): Promise<void> {
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES))
    process.once(signal, () => process.exit(code));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  // Node's fetch knows the variables from 24.14 on, but would go through a proxy to loopback as well.
  const { setGlobalProxyFromEnv }: Partial<typeof http> = http;
  if (!isLoopback(new URL(config.url).hostname)) setGlobalProxyFromEnv?.(process.env);
  try {
    const last = await lastRuns(config);
    const names = createAgentNames(config);
    const write = async (event: RunEvent, time: Date): Promise<void> => {
      if (!config.json) await names.find([event.run?.agentId]);
      const line = lineOf(event, time, names.of(event.run?.agentId), config.json);
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    };
    if (!config.json) await names.find(last.map(({ agentId }) => agentId));
    for (const run of last.toReversed())
      await write({ kind: 'LISTED', runId: run.id ?? '', run }, new Date(run.createdAt ?? 0));
    const listed = new Map(last.map(({ id, status }) => [id, status]));
    const known = Date.parse(last[0]?.createdAt ?? '') - MAX_DELAY_MS;
    for await (const event of follow(config, report, last[0]?.id ?? undefined)) {
      const { kind, runId, run } = event;
      // The newest run was given as what is known. Those under way come once more, and so do older ones.
      const isOld = config.statuses === undefined && Date.parse(run?.createdAt ?? '') < known;
      const isListed = listed.has(runId) ? listed.get(runId) === run?.status : isOld;
      listed.delete(runId);
      if (kind !== 'ADDED' || !isListed) await write(event, new Date());
    }
  } catch (error) {
    if (!(error instanceof TailError)) throw error;
    report(error.message);
    process.exitCode = EXIT_CODE_FAILED;
  }
}

/** The newest runs, newest first. */
async function lastRuns(config: TailConfig): Promise<readonly EventRun[]> {
  const first = config.last ?? (config.json ? 0 : LAST);
  if (first === 0) return [];
  const variables = { ...filtersOf(config), first };
  const data = await ask<{ runs: { nodes: readonly EventRun[] } | null }>(config, LAST_RUNS, variables);
  return data?.runs?.nodes ?? [];
}

function lineOf(event: RunEvent, time: Date, agent: string, json: boolean): string {
  if (json) return eventJson(event, time);
  const { isTTY, columns } = process.stdout;
  if (!isTTY) return eventFields(event, time, agent);
  return eventLine(event, time, agent, columns || Number(process.env['COLUMNS']) || COLUMNS, paint);
}
