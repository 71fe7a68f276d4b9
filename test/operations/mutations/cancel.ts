import { createGateway, type Gateway, type GatewayOptions } from '../../../src/gateway.ts';
import {
  type CancellableRun,
  type CancellingUpstream,
  runId,
  startCancellingUpstream,
} from '../../support/cancelling-upstream.ts';
import { type Answer, execute } from '../../support/execute.ts';

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

export const CANCEL =
  'mutation ($ids: [ID!]!) { cancelRuns(ids: $ids) { runs { id status } failures { runId code message status } } }';

/** A gateway over a fake server that cancels runs. */
export interface CancelTest extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly upstream: CancellingUpstream;
}

export async function startCancelTest(
  runs: Readonly<Record<number, CancellableRun>>,
  options: GatewayOptions = {},
): Promise<CancelTest> {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startCancellingUpstream(runs));
  const gateway = starting.use(await createGateway({ upstreamUrl: upstream.baseUrl, ...options }));
  const parts = starting.move();
  return { gateway, upstream, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

export function cancel(
  { gateway }: CancelTest,
  ids: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Cancelled>> {
  return execute<Cancelled, { ids: readonly string[] }>(gateway, CANCEL, { ids }, headers);
}

/** Cancels runs by their numbers. @returns statuses and failures, the latter by number and code */
export async function cancelNumbers(
  test: CancelTest,
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

export const posts = ({ upstream }: CancelTest): readonly string[] =>
  upstream.requests.filter((request) => request.startsWith('POST'));
