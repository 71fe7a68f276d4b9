import type { WireRun } from '../support/run-fields.ts';
import type { Dialect, Order } from '../support/run-list.ts';
import { observeDetails, type RunDetails } from './run-details.ts';
import { createRunsClient, type RunsClient, type Target } from './target.ts';

export const ORDERS: readonly Order[] = ['desc', 'asc'];

/** The beginning of a list. */
export interface Head {
  readonly rows: readonly WireRun[];
  /** Whether these are all there are. */
  readonly complete: boolean;
}

/** What a server shows at first: everything the suite expects later is derived from it. */
export interface Observed {
  readonly target: Target;
  readonly client: RunsClient;
  /** Its release of Letta; undefined for the Cloud, which has none. */
  readonly version: string | undefined;
  /** Whether there is `/v1/_internal_runs/`. */
  readonly hasInternalRuns: boolean;
  /** The newest and the oldest runs, as far as one request reaches. */
  readonly heads: Readonly<Record<Order, Head>>;
  /** Undefined when neither of the two explains the answer, or there are too few runs to tell. */
  readonly dialect: Dialect | undefined;
  /** What happened in some runs, which is read once, when a test first asks for it. */
  readonly details: () => Promise<readonly RunDetails[]>;
}

/** For the parts of the suite, which are written down before anything is observed. */
export type Given = () => Observed;

export const MAX_LIMIT = 1000;
const MIN_RUNS = 5;

export async function observe(target: Target): Promise<Observed> {
  const client = createRunsClient(target);
  const head = async (order: Order): Promise<Head> => {
    const rows = await client.runs({ order, limit: MAX_LIMIT });
    return { rows, complete: rows.length < MAX_LIMIT };
  };
  const heads = { desc: await head('desc'), asc: await head('asc') };
  const health = await client.get('/v1/health/');
  const { version }: { readonly version?: string } = await health.json();
  const dialect = await findDialect(client, heads.desc.rows);
  const isCloud = target.profile === 'cloud';
  let details: Promise<readonly RunDetails[]> | undefined;
  const observed: Observed = {
    target,
    // The Cloud is taken to have one dialect for all lists.
    client: createRunsClient(target, isCloud ? dialect : undefined),
    version: isCloud ? undefined : version,
    hasInternalRuns: (await client.get('/v1/_internal_runs/?limit=1')).status !== 404,
    heads,
    dialect,
    details: () => (details ??= observeDetails(observed)),
  };
  return observed;
}

/** With the second newest as `before`: the third newest in one dialect, the newest in the other. */
async function findDialect(
  client: RunsClient,
  [newest, second, third]: readonly WireRun[],
): Promise<Dialect | undefined> {
  if (newest === undefined || second === undefined || third === undefined) return undefined;
  const [row] = await client.runs({ before: second.id, limit: 1 });
  if (row?.id === third.id) return 'reversed';
  return row?.id === newest.id ? 'documented' : undefined;
}

/** For `context.skip`: whether there are too few runs to say anything, and that sentence. */
export function tooFew({ heads }: Observed): [boolean, string] {
  const { length } = heads.desc.rows;
  return [length < MIN_RUNS, `there are ${length} runs, and it takes ${MIN_RUNS}`];
}
