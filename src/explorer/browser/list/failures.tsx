import { ApiError, asApiError } from '../../../client/api-error.ts';
import type { ExplorerFailuresQuery } from '../__generated__/graphql.ts';
import { Time } from '../components/run-labels.tsx';
import { RUN_FAILURES } from '../documents/runs.ts';
import { brief, number, words } from '../format/text.ts';
import { query } from '../gateway/query.ts';
import { useEffect, useLayoutEffect, useRef } from '../preact.ts';
import { type Row, rowOf } from '../runs/apply-events.ts';
import { type Filters, searchOf } from '../runs/filters.ts';
import { createStore, useStore } from '../store.ts';
import type { Span, SpanStats } from './plot.tsx';
import { RunTable } from './run-table.tsx';

type Read = NonNullable<ExplorerFailuresQuery['runStats']>;

/** Equal failures, with the newest of their runs. */
interface Group extends Omit<NonNullable<Read['byFailure']>[number], 'runs'> {
  readonly rows: readonly Row[];
}

interface Failures {
  /** Identifies the filters of the list whose failures were read. */
  readonly key: string;
  readonly isOpen: boolean;
  /** Undefined until the failures are read. */
  readonly groups: readonly Group[] | undefined;
  readonly runCount: Read['byFailureRunCount'] | undefined;
  readonly error: ApiError | undefined;
  /** A run of the group whose runs are shown in place of the list. */
  readonly chosenId: string | undefined;
}

const NOTHING = { groups: undefined, runCount: undefined, error: undefined, chosenId: undefined };
const failures = createStore<Failures>({ key: '', isOpen: false, ...NOTHING });

const chosenGroup = ({ groups, chosenId }: Failures): Group | undefined =>
  groups?.find(({ rows }) => rows.some(({ id }) => id === chosenId));

/** The group whose runs are to be shown in place of the list, if one was clicked. */
export const useChosenGroup = (): Group | undefined => useStore(failures, chosenGroup);

/** Groups of equal failures. They are read while they are unfolded: a run may take a request for its steps. */
export function Failures({ filters, stats }: { filters: Filters; stats: SpanStats | undefined }) {
  const key = searchOf(filters);
  const { isOpen, groups, runCount, error } = useStore(failures, (current) => current);
  const chosen = useChosenGroup();
  useEffect(() => {
    if (failures.get().key !== key) failures.set({ ...NOTHING, key });
  }, [key]);
  useEffect(() => {
    if (!isOpen || stats === undefined) return undefined;
    const controller = new AbortController();
    void read(stats, controller.signal);
    return () => controller.abort();
  }, [isOpen, stats]);
  const isAll = runCount?.precision === 'EXACT';
  const count = number(runCount?.value ?? 0);
  const none = groups?.length === 0 ? 'No run failed or was cut short.' : '';
  const all = isAll ? none : `Of the newest ${count} runs that failed or were cut short.`;
  return (
    <details
      class="failures"
      open={isOpen}
      onToggle={({ currentTarget }) => failures.set({ isOpen: currentTarget.open })}
    >
      <summary>
        <h2>Failures</h2>
      </summary>
      <ul>
        {groups?.map((group) => (
          <li>
            <button
              type="button"
              aria-pressed={group === chosen}
              onClick={() => failures.set({ chosenId: group === chosen ? undefined : group.rows[0]?.id })}
            >
              <strong>
                {number(group.count.value)}
                <span class="hidden"> runs: </span>
              </strong>
              <span class="what">
                {group.code && <span class="muted">{codeText(group.code)}: </span>}
                {brief(group.message, 300)}
              </span>
              {stats && <Ticks rows={group.rows} span={stats} />}
              <span class="muted when">
                <Time at={group.lastAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p class="muted" role="status">
        {error ? `The failures could not be read: ${error.message}` : groups ? all : isOpen && 'Loading…'}
      </p>
    </details>
  );
}

/** A stop reason as words; the type of an error, such as ToolExecutionError, as it is. */
const codeText = (code: string): string => brief(/^[A-Z_]+$/.test(code) ? words(code) : code);

/** A bar over the time of the statistics, with a tick where each run was created. */
function Ticks({ rows, span: { from, to } }: { readonly rows: readonly Row[]; readonly span: Span }) {
  const x = (at: string): number => (100 * (Date.parse(at) - from)) / (to - from);
  return (
    <svg class="ticks" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <path d={rows.map(({ createdAt }) => `M${x(createdAt)} 0V1`).join('')} />
    </svg>
  );
}

/** The runs of a group, in place of the list. */
export function GroupRuns({ group: { rows, count } }: { readonly group: Group }) {
  const head = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => head.current?.scrollIntoView({ block: 'nearest' }), []);
  const isAll = rows.length === count.value;
  return (
    <>
      <p class="line group" role="status" ref={head}>
        {isAll
          ? `${number(rows.length)} ${rows.length === 1 ? 'run' : 'runs'} with the same failure`
          : `The newest ${number(rows.length)} of ${number(count.value)} runs with the same failure`}
        <button type="button" class="small" onClick={() => failures.set({ chosenId: undefined })}>
          Show all runs
        </button>
      </p>
      <RunTable rows={rows} />
    </>
  );
}

/** Reads the failures of the runs of statistics. */
async function read({ filters }: SpanStats, signal: AbortSignal): Promise<void> {
  try {
    const { data, errors } = await query(RUN_FAILURES, filters, signal);
    const { byFailure, byFailureRunCount: runCount } = data.runStats ?? {};
    if (!byFailure) throw new ApiError(errors[0] ?? { message: 'The gateway has no answer.' });
    const groups = byFailure.map(({ runs, ...group }) => ({ ...group, rows: runs.map(rowOf) }));
    failures.set({ groups, runCount, error: undefined });
  } catch (caught) {
    if (!signal.aborted) failures.set({ error: asApiError(caught) });
  }
}
