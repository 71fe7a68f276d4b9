import type { Page } from '../../pagination/connection.ts';
import { encodeCursor } from '../../pagination/cursor.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { builder } from './builder.ts';
import { PageInfoRef } from './page-info.ts';
import { RunRef } from './run.ts';

/** A page in list order. An edge is represented by its run: the cursor is encoded when it is resolved. */
export type RunPage = Page<Run>;

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
        startCursor: () => optionalCursor(rows[0]),
        endCursor: () => optionalCursor(rows.at(-1)),
      }),
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
