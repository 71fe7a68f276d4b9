import type { NewRun } from '../../../embedded-api/store/run-store.ts';
import type { GatewayOptions } from '../../../src/gateway-options.ts';
import type { Answer } from '../../support/execute.ts';
import { agentId, runId } from '../../support/ids.ts';
import { type OpenGateway, openGateway } from '../../support/open-gateway.ts';

export const CANCEL =
  'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { runs { id status } failures { runId code message status } } }';

interface Cancelled {
  readonly cancelRuns: {
    readonly runs: readonly ({ readonly id: string; readonly status: string } | null)[];
    readonly failures: readonly {
      readonly runId: string;
      readonly code: string;
      readonly message: string;
      readonly status: string | null;
    }[];
  } | null;
}

/** A gateway over a server with these runs by their numbers, which run unless they say otherwise. */
export function openRuns(
  runs: Readonly<Record<number, Partial<NewRun>>>,
  config: GatewayOptions = {},
): Promise<OpenGateway> {
  const rows = Object.entries(runs).map(([number, run]) => ({
    id: runId(Number(number)),
    agent_id: agentId(1),
    created_at: '2026-01-01T00:00:00Z',
    status: 'running',
    ...run,
  }));
  return openGateway({ runs: rows, config });
}

export function cancel(
  { execute }: Pick<OpenGateway, 'execute'>,
  ids: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Cancelled>> {
  return execute<Cancelled>(CANCEL, { ids }, headers);
}

/** Cancels runs by their numbers. @returns statuses, and failures by number and code */
export async function cancelNumbers(
  test: Pick<OpenGateway, 'execute'>,
  ...numbers: readonly number[]
): Promise<readonly [statuses: readonly (string | null)[], failures: readonly string[]]> {
  const { data, errors } = await cancel(test, numbers.map(runId));
  if (errors !== undefined || !data?.cancelRuns) throw new Error(`Unexpected: ${JSON.stringify(errors)}`);
  const { runs, failures } = data.cancelRuns;
  return [
    runs.map((run) => run && run.status),
    failures.map(({ runId: id, code, status }) => `${Number(id.slice(-12))} ${code} ${status}`),
  ];
}

/** What was sent to cancel runs, in the order of arrival. */
export const posts = ({ upstream }: Pick<OpenGateway, 'upstream'>): readonly string[] =>
  upstream.requests.filter(({ method }) => method === 'POST').map(({ url, body }) => `${url} ${body}`);
