import { builder } from './builder.ts';

/** The position of a page in its list. Cursors are written when they are asked for. */
export interface PagePosition {
  /** Undefined if it was not asked for. */
  readonly hasNextPage: boolean | undefined;
  /** Undefined if it was not asked for. */
  readonly hasPreviousPage: boolean | undefined;
  readonly startCursor: () => string | null;
  readonly endCursor: () => string | null;
}

export const PageInfoRef = builder.objectRef<PagePosition>('PageInfo');

PageInfoRef.implement({
  description: 'The position of a page in its list.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description:
        'Whether anything in the list comes after this page. Exact in both directions of pagination.',
      resolve: (position) => known(position.hasNextPage),
    }),
    hasPreviousPage: t.boolean({
      description:
        'Whether anything in the list comes before this page. Exact in both directions of pagination.',
      resolve: (position) => known(position.hasPreviousPage),
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge; null for an empty page.',
      resolve: (position) => position.startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge; null for an empty page.',
      resolve: (position) => position.endCursor(),
    }),
  }),
});

/** The plan determines a flag only if it is selected, so an undefined one is unexpected. */
function known(flag: boolean | undefined): boolean {
  if (flag === undefined) throw new Error('A page flag is selected, but the plan did not determine it');
  return flag;
}
