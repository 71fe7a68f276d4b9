import type { Page } from '../../pagination/connection.ts';
import { encodeCursor } from '../../pagination/cursor.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { builder } from './builder.ts';
import { RunRef } from './run.ts';

/** A page in the order of its list. An edge is its run: the cursor's text is made when it is asked for. */
export type RunPage = Page<Run>;

export const RunConnectionRef = builder.objectRef<RunPage>('RunConnection');
const RunEdgeRef = builder.objectRef<Run>('RunEdge');
const PageInfoRef = builder.objectRef<RunPage>('PageInfo');

RunConnectionRef.implement({
  description: 'One page of a list of runs, after the Relay cursor connections specification.',
  fields: (t) => ({
    edges: t.field({
      type: [RunEdgeRef],
      description:
        'The runs of the page with their cursors. Their order does not depend on the paging direction.',
      resolve: (page) => page.rows,
    }),
    nodes: t.field({
      type: [RunRef],
      description: 'The runs of the page, in the same order as `edges`.',
      resolve: (page) => page.rows,
    }),
    pageInfo: t.field({
      type: PageInfoRef,
      description: 'Where the page stands in the list.',
      resolve: (page) => page,
    }),
  }),
});

RunEdgeRef.implement({
  description: 'A run in a list, and its position there.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'The position of this run, to be given as `after` or `before`. Opaque, and the same at any time.',
      resolve: cursorOf,
    }),
    node: t.field({ type: RunRef, description: 'The run.', resolve: (run) => run }),
  }),
});

PageInfoRef.implement({
  description: 'Where a page stands in its list.',
  directives: { shareable: true },
  fields: (t) => ({
    hasNextPage: t.boolean({
      description:
        'Whether a run that matches the filters comes after this page. Exact in both paging directions.',
      resolve: (page) => known(page.hasNextPage),
    }),
    hasPreviousPage: t.boolean({
      description:
        'Whether a run that matches the filters comes before this page. Exact in both paging directions.',
      resolve: (page) => known(page.hasPreviousPage),
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge; null for an empty page.',
      resolve: (page) => optionalCursor(page.rows[0]),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge; null for an empty page.',
      resolve: (page) => optionalCursor(page.rows.at(-1)),
    }),
  }),
});

function cursorOf(run: Run): string {
  return encodeCursor(positionOf(run));
}

function optionalCursor(run: Run | undefined): string | null {
  return run === undefined ? null : cursorOf(run);
}

/** A flag is asked of the upstream only if it is selected; an answer without it is a bug of ours. */
function known(flag: boolean | undefined): boolean {
  if (flag === undefined) throw new Error('A page flag was selected that the plan did not ask for');
  return flag;
}
