import process from 'node:process';
import type { WhyConfig } from '../config/why-config.ts';
import type { ExplainedIncident, Explanation } from '../observability/explain-incidents.ts';
import { print } from './terminal.ts';

const EXIT_CODE_FAILED = 1;
const TIMEOUT_MS = 5_000;
const LABEL_WIDTH = 12;
const MS_PER_MINUTE = 60_000;

function fail(...lines: readonly string[]): void {
  print(process.stderr, lines);
  process.exitCode = EXIT_CODE_FAILED;
}

/** Prints what a gateway remembers of a request, or of the latest that it refused and those that were slow. */
export async function why({ config, id }: { config: WhyConfig; id: string | undefined }): Promise<void> {
  const { adminUrl, json } = config;
  if (adminUrl === undefined) {
    return fail(
      'A gateway answers this on its admin port only. Set ADMIN_PORT for the gateway and for this command, or pass --admin URL.',
    );
  }
  const url = new URL('why', adminUrl.endsWith('/') ? adminUrl : `${adminUrl}/`);
  if (id !== undefined) url.searchParams.set('id', id);
  let explanation: Explanation;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok)
      return fail(`${url.origin} answered ${response.status}. Is it the admin port of a gateway?`);
    explanation = await response.json();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return fail(
      `No gateway answers at ${url.origin}: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  if (json) print(process.stdout, [JSON.stringify(explanation)]);
  else print(process.stdout, id === undefined ? overview(explanation) : about(explanation));
  if (id === undefined || explanation.incidents.length > 0) return;
  const minutes = Math.round(explanation.rememberedMs / MS_PER_MINUTE);
  fail(
    `Nothing is remembered of the request ${id}. Each replica remembers its own refusals, errors and slowest operations for ${minutes} minutes, as long as there is room, until it restarts.`,
    'Ask the other replicas, or look for the id in the log. Without an id, this command lists what is remembered.',
  );
}

function list(all: readonly ExplainedIncident[]): readonly string[] {
  if (all.length === 0) return ['  none'];
  return all.map((incident) => `  ${headOf(incident)}  ${incident.requestId ?? ''}`);
}

function overview({ incidents, slowest }: Explanation): readonly string[] {
  return ['Latest refusals and errors', ...list(incidents), '', 'Slowest operations', ...list(slowest)];
}

function about({ incidents }: Explanation): readonly string[] {
  return incidents.flatMap((incident) => {
    const { requestId, caller, why: reason, meaning, operation } = incident;
    const rows: readonly (readonly [label: string, text: string | undefined])[] = [
      ['request', requestId],
      ['caller', caller],
      ['why', reason],
      ['meaning', meaning],
      ['operation', operation && `${operation.type ?? ''} ${operation.name ?? 'without a name'}`.trim()],
      ['document', operation?.documentHash && `sha256:${operation.documentHash}`],
      ['shape', operation?.shape],
      ['client', operation && [operation.clientName, operation.clientVersion].filter(Boolean).join(' ')],
      ['answer', operation && `${operation.bytes} bytes`],
      ['upstream', operation && upstreamOf(operation)],
      ...(operation?.calls ?? []).map(
        ({ request, status, code, ms, rows: count, retries, joined }) =>
          [
            '',
            [
              request,
              code === 'OK' ? status : `${code}${status === null ? '' : ` (${status})`}`,
              ms === null ? 'not answered' : `${ms} ms`,
              count !== undefined && `${count} rows`,
              retries > 0 && `${retries} retries`,
              joined && 'joined another one',
            ]
              .filter(Boolean)
              .join(', '),
          ] as const,
      ),
    ];
    const lines = rows.flatMap(([label, text]) =>
      text === undefined || text === '' ? [] : [`  ${label.padEnd(LABEL_WIDTH)}${printable(text)}`],
    );
    return [headOf(incident), ...lines, ''];
  });
}

function upstreamOf({ upstreamRequests, isJoined }: NonNullable<ExplainedIncident['operation']>): string {
  return isJoined ? 'shared the execution of an identical request' : `${upstreamRequests} requests`;
}

function headOf({ at, kind, code, ms, caller, operation }: ExplainedIncident): string {
  const parts = [at, kind, code, ms === undefined ? '' : `${ms} ms`, caller ?? '', operation?.name ?? ''];
  return printable(parts.filter((part) => part !== '').join('  '));
}

/** The upstream's words may hold what a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
