import type { ExplorerCancelPreviewQuery, ExplorerCancelRunsMutation } from '../__generated__/graphql.ts';
import { CANCEL_PREVIEW, CANCEL_RUNS } from '../documents/runs.ts';
import { queryField } from '../gateway/query.ts';
import { createStore } from '../store.ts';
import { refreshPending } from './pending.ts';

export const MAX_TICKED = 100;
/** How many runs one request cancels: as many as the gateway takes. */
const AT_A_TIME = 10;

export type Preview = ExplorerCancelPreviewQuery['cancelPreview'][number];
type Failure = NonNullable<ExplorerCancelRunsMutation['cancelRuns']>['failures'][number];

/** What became of the runs of one request. */
export interface Sent {
  readonly cancelled: number;
  readonly failures: readonly Failure[];
}

/** The runs that are ticked in the list. */
export const ticked = createStore<{ readonly ids: ReadonlySet<string> }>({ ids: new Set() });

/** Ticks a run, or takes its tick away. Beyond the maximum nothing is ticked. */
export function toggle(id: string): void {
  const ids = new Set(ticked.get().ids);
  if (!ids.delete(id) && ids.size < MAX_TICKED) ids.add(id);
  ticked.set({ ids });
}

export const untickAll = (): void => ticked.set({ ids: new Set() });

function* tensOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += AT_A_TIME) yield ids.slice(at, at + AT_A_TIME);
}

/** Reads what cancelling runs would do. @throws ApiError */
export async function previewMany(ids: readonly string[]): Promise<readonly Preview[]> {
  const previews: Preview[] = [];
  for (const ten of tensOf(ids)) {
    // oxlint-disable-next-line no-await-in-loop -- One request at a time.
    previews.push(...(await queryField(CANCEL_PREVIEW, { ids: ten }, 'cancelPreview')));
  }
  return previews;
}

/**
 * Cancels runs, ten at a time, and yields what became of each ten.
 *
 * @param signal ends it before the next ten
 * @throws ApiError
 */
export async function* cancelMany(ids: readonly string[], signal: AbortSignal): AsyncGenerator<Sent, void> {
  for (const ten of tensOf(ids)) {
    if (signal.aborted) return;
    // oxlint-disable-next-line no-await-in-loop -- One request at a time.
    const { failures } = await queryField(CANCEL_RUNS, { ids: ten, denyApprovalsOf: [] }, 'cancelRuns');
    refreshPending();
    yield { cancelled: ten.length - failures.length, failures };
  }
}
