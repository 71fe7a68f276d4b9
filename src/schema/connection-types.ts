import type { Page } from '../lists/pages/connection.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import { builder, COUNT_DIRECTIVES } from './builder.ts';
import { PageInfoRef } from './page-info.ts';
import { type RunCount, RunCountRef } from './run-count.ts';
import { RunRef } from './run.ts';

/** A page in list order. An edge is represented by its run: the cursor is encoded when it is resolved. */
export interface RunPage extends Page<Run> {
  /** Counts the runs of the whole list. */
  readonly count?: () => Promise<RunCount>;
}

export const RunConnectionRef = builder.objectRef<RunPage>('RunConnection');
const RunEdgeRef = builder.objectRef<Run>('RunEdge');

RunConnectionRef.implement({
  description: 'One page of a list of runs, as defined by the Relay cursor connections specification.',
  fields: (t) => ({
    edges: t.field({
      type: [RunEdgeRef],
      description:
        'The runs of the page with their cursors. Their order does not depend on the direction of pagination.',
      resolve: (page) => page.rows,
    }),
    nodes: t.field({
      type: [RunRef],
      description: 'The runs of the page, in the same order as `edges`.',
      resolve: (page) => page.rows,
    }),
    pageInfo: t.field({
      type: PageInfoRef,
      description: 'The position of the page in the list of the runs that match the filters.',
      resolve: ({ hasNextPage, hasPreviousPage, rows }) => ({
        hasNextPage,
        hasPreviousPage,
        startCursor: () => optionalCursor(rows.at(0)),
        endCursor: () => optionalCursor(rows.at(-1)),
      }),
    }),
    totalCount: t.field({
      type: RunCountRef,
      nullable: true,
      description:
        'How many runs match the filters, wherever the page begins and ends. The runs API does not count, so its list is read, at most `SCAN_BUDGET` rows; a list that the page shows as a whole takes no further request.',
      directives: COUNT_DIRECTIVES,
      resolve: ({ count }) => {
        if (count === undefined) throw new Error('totalCount is selected, but the page does not count');
        return count();
      },
    }),
  }),
});

RunEdgeRef.implement({
  description: 'A run in a list, with its cursor.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'The position of this run, for use as `after` or `before`. Opaque and stable: it never changes.',
      resolve: cursorOf,
    }),
    node: t.field({ type: RunRef, description: 'The run.', resolve: (run) => run }),
  }),
});

function cursorOf(run: Run): string {
  return encodeCursor(positionOf(run));
}

function optionalCursor(run: Run | undefined): string | null {
  return run === undefined ? null : cursorOf(run);
}
