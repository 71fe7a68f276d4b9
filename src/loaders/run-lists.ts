import { UpstreamError } from '../errors/upstream-error.ts';
import { batchOwners } from '../lists/batch-owners.ts';
import type { Page } from '../lists/pages/build-page.ts';
import { loadPage } from '../lists/pages/load-page.ts';
import type { ListArguments, PageNeeds } from '../lists/pages/plan-page.ts';
import { comparePositions, type Position, signOf } from '../lists/position.ts';
import { mergeRanges } from '../lists/ranges/merge-ranges.ts';
import { type ReadRange, readRange } from '../lists/ranges/read-range.ts';
import { loadWindowPage } from '../lists/windows/load-window-page.ts';
import { type CountedRows, readWindow } from '../lists/windows/read-window.ts';
import { createScanBudget, type SeekPosition } from '../lists/windows/window.ts';
import { beginEvents, type EventsCursor } from '../live/index.ts';
import { listsOf } from '../runs/outcome-lists.ts';
import { RUN_FILTERS, type RunFilter, runFilterKey } from '../runs/run-filters.ts';
import { RUN_LIST, splitFilter } from '../runs/run-list.ts';
import { checkDurations, requireDurations } from '../runs/run-state.ts';
import { type CountedRun, readCounted } from '../runs/run-stats.ts';
import { durationBound, windowOf } from '../runs/run-window.ts';
import { positionOf, type Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { LookUps } from './look-ups.ts';

/** Returns whether a page has the row of a position, if there is one. */
function coveredBy(
  { after, before, direction, size, order }: ListArguments<RunFilter>,
  rows: Page<Run>['rows'],
) {
  const isShort = rows.length < size;
  const startsList = after === null && (direction === 'forward' || isShort);
  const endsList = before === null && (direction === 'backward' || isShort);
  const [first, last] = [rows.at(0), rows.at(-1)];
  const compare = (row: Run, position: Position) =>
    signOf(order) * comparePositions(positionOf(row), position);
  return (position: Position): boolean =>
    (startsList || (first !== undefined && compare(first, position) <= 0)) &&
    (endsList || (last !== undefined && compare(last, position) >= 0));
}

/** The parts of a page of runs that are selected. */
export interface RunPageNeeds extends PageNeeds {
  readonly eventsCursor?: boolean;
}

/** A page of runs, and the whole list, which is read only if the page doesn't show it. */
export interface RunPage extends Page<Run> {
  /** The cursor of the events that follow the page. */
  readonly eventsCursor: () => string;
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
  /** Returns what is sent for a filter, and what is searched for: outcomes are in lists of their own. */
  const readingOf = (filter: RunFilter) => {
    const { sent, bounds: all } = splitFilter(filter);
    const read = readerOf(sent);
    const { outcomes, ...others } = all;
    if (outcomes === undefined) return { sent, bounds: all, readRange: read };
    const { stages, bounds } = listsOf(outcomes, sent, others);
    const hasReason = sent.stopReason !== undefined;
    const readKnown: typeof readPlain = (request) =>
      read(request).catch((error: unknown) => {
        const refused = error instanceof UpstreamError ? error.refusedParameters : [];
        // An older server has no runs with a stop reason that it doesn't know.
        if (!hasReason && refused.some(({ name }) => name === RUN_FILTERS.stopReason.parameter)) return [];
        throw error;
      });
    return { sent, bounds, readRange: mergeRanges(readKnown, stages, list) };
  };
  const seek: SeekPosition = (query) =>
    lookUps.once(`seek ${query.side} ${query.instant}`, () => source.seek(query));
  /** Reads all runs that match, as far as the budget goes. */
  const readAll = (filter: RunFilter): Promise<CountedRows<Run>> =>
    lookUps.once(`all ${runFilterKey(filter)}`, () => {
      const { sent, bounds, readRange: read } = readingOf(filter);
      return readWindow(sent, windowOf(bounds, source), { list, readRange: read, seek, budget });
    });
  /** Observes a list for the cursor of events behind its pages, which must then be read anew. */
  const begin = (filter: RunFilter): Promise<EventsCursor> =>
    lookUps.once(`events ${runFilterKey(filter)}`, async () => {
      const cursorBehind = await beginEvents(filter, source);
      source.readAnew();
      readOfAgents = undefined;
      return cursorBehind;
    });
  return {
    /**
     * Loads one page.
     *
     * @throws InvalidCursorError for a cursor whose run is gone or never existed
     * @throws GatewayError if the runs of a window are too far from its start, or from each other
     */
    async page(args: ListArguments<RunFilter>, needs: RunPageNeeds): Promise<RunPage> {
      const cursorBehind = needs.eventsCursor ? await begin(args.filter) : undefined;
      const { sent, bounds, readRange: read } = readingOf(args.filter);
      const listed = { ...args, filter: sent };
      const sources = { list, readRange: read, byId: lookUps.byId('run') };
      const page = await (Object.keys(bounds).length > 0
        ? loadWindowPage(listed, needs, windowOf(bounds, source), { ...sources, seek, budget })
        : loadPage(listed, needs, sources));
      const { after, before, size } = args;
      const isAll = needs.rows && after === null && before === null && page.rows.length < size;
      return {
        ...page,
        eventsCursor() {
          if (cursorBehind === undefined)
            throw new Error('The cursor of events is selected, but was not begun');
          return cursorBehind(page.rows, coveredBy(args, page.rows));
        },
        count: async () => (isAll ? { rows: page.rows, isWhole: true } : readAll(args.filter)),
      };
    },
    readAll,
    /** Reads all runs that match, for statistics. */
    readForStats: (filter: RunFilter) =>
      lookUps.once(`stats ${runFilterKey(filter)}`, async () => {
        const counted = await readAll(filter);
        const rows: readonly CountedRun[] = counted.rows.map(readCounted);
        let checked: Promise<void> | undefined;
        /** Checks once that the durations of the runs can be relied on. @throws UnsupportedError */
        const check = () => (checked ??= checkDurations(rows, source));
        return { ...counted, rows, checkDurations: check };
      }),
    /**
     * Checks that lists show durations if a filter is about them: events also bring runs that were looked
     * up by id, whose durations are known where the list shows none.
     *
     * @throws UnsupportedError
     */
    async requireDurations(filter: RunFilter): Promise<void> {
      const bound = durationBound(filter);
      if (bound !== undefined) await requireDurations(source, bound);
    },
  };
}
