import { UpstreamError } from '../errors/upstream-error.ts';
import { batchOwners } from '../lists/batch-owners.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import { mergeRanges } from '../lists/ranges/merge-ranges.ts';
import { type ReadRange, readRange } from '../lists/ranges/read-range.ts';
import { loadWindowPage } from '../lists/windows/load-window-page.ts';
import { type CountedRows, readWindow } from '../lists/windows/read-window.ts';
import { createScanBudget, type SeekPosition } from '../lists/windows/window.ts';
import { RUN_FILTERS, RUN_LIST, type RunFilter } from '../runs/run-list.ts';
import { listsOf, selectionKey, type RunSelection } from '../runs/run-selection.ts';
import { checkDurations, requireDurations } from '../runs/run-state.ts';
import { type CountedRun, readCounted } from '../runs/run-stats.ts';
import { durationBound, isBounded, type RunWindow, windowOf } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { LookUps } from './look-ups.ts';

/** The arguments of a field that returns a page of runs, validated. */
type RunListArguments = ListArguments<RunFilter> & RunSelection;

/** A page of runs, and the whole list, which is read only if the page doesn't show it. */
export interface RunPage extends Page<Run> {
  readonly count: () => Promise<Pick<Page<Run>, 'rows'> & Pick<CountedRows<Run>, 'isWhole'>>;
}

/** Runs for statistics. */
export type CountedRuns = Awaited<ReturnType<Runs['readForStats']>>;

export type Runs = ReturnType<typeof createRuns>;

/**
 * Reads lists of runs. Fields of an operation that need the same rows share the requests. All functions reject with
 * {@link UpstreamError} on failure.
 *
 * @param scanBudget the rows that a field may read in search of runs
 */
export function createRuns(source: RunsSource, lookUps: LookUps, scanBudget: number) {
  const list = RUN_LIST;
  const budget = createScanBudget(scanBudget);
  const readPlain: ReadRange<Run, RunFilter> = (request) => readRange(request, source);
  let readOfAgents: typeof readPlain | undefined;
  const readerOf = ({ agentId }: RunFilter): typeof readPlain => {
    if (agentId === undefined) return readPlain;
    const ownership = { singleFilter: 'agentId', listFilter: 'agentIds', ownerOf: (run: Run) => run.agentId };
    return (readOfAgents ??= batchOwners(list, readPlain, ownership));
  };
  /** Reads the lists of a selection's outcomes, if it has any. */
  const readingOf = (selection: RunSelection): { window: RunWindow; readRange: typeof readPlain } => {
    const read = readerOf(selection.filter);
    if (selection.window.outcomes === undefined) return { window: selection.window, readRange: read };
    const { stages, window } = listsOf(selection);
    const hasReason = selection.filter.stopReason !== undefined;
    const readKnown: typeof readPlain = (request) =>
      read(request).catch((error: unknown) => {
        const refused = error instanceof UpstreamError ? error.refusedParameters : [];
        // An older server has no runs with a stop reason that it doesn't know.
        if (!hasReason && refused.some(({ name }) => name === RUN_FILTERS.stopReason.parameter)) return [];
        throw error;
      });
    return { window, readRange: mergeRanges(readKnown, stages, list) };
  };
  const seek: SeekPosition = (query) =>
    lookUps.once(`seek ${query.side} ${query.instant}`, () => source.seek(query));
  /** Reads all runs of a selection, as far as the budget goes. */
  const readAll = (selection: RunSelection): Promise<CountedRows<Run>> =>
    lookUps.once(`all ${selectionKey(selection)}`, () => {
      const { window, readRange: read } = readingOf(selection);
      return readWindow(selection.filter, windowOf(window, source), { list, readRange: read, seek, budget });
    });
  return {
    /**
     * Loads one page.
     *
     * @throws InvalidCursorError for a cursor whose run is gone or never existed
     * @throws GatewayError if the runs of a window are too far from its start, or from each other
     */
    async page(args: RunListArguments, needs: PageNeeds): Promise<RunPage> {
      const { window, readRange: read } = readingOf(args);
      const sources = { list, readRange: read, byId: lookUps.byId('run') };
      const page = await (isBounded(window)
        ? loadWindowPage(args, needs, windowOf(window, source), { ...sources, seek, budget })
        : loadPage(args, needs, sources));
      const { after, before, size } = args;
      const isAll = needs.rows && after === null && before === null && page.rows.length < size;
      return { ...page, count: async () => (isAll ? { rows: page.rows, isWhole: true } : readAll(args)) };
    },
    readAll,
    /** Reads all runs of a selection, for statistics. */
    readForStats: (selection: RunSelection) =>
      lookUps.once(`stats ${selectionKey(selection)}`, async () => {
        const counted = await readAll(selection);
        const rows: readonly CountedRun[] = counted.rows.map(readCounted);
        let checked: Promise<void> | undefined;
        /** Checks once that the durations of the runs can be relied on. @throws UnsupportedError */
        const check = () => (checked ??= checkDurations(rows, source));
        return { ...counted, rows, checkDurations: check };
      }),
    /**
     * Checks that lists show durations if a bound of the selection is about them: events also bring runs that were looked
     * up by id, whose durations are known where the list shows none.
     *
     * @throws UnsupportedError
     */
    async requireDurations({ window }: RunSelection): Promise<void> {
      const bound = durationBound(window);
      if (bound !== undefined) await requireDurations(source, bound);
    },
  };
}
