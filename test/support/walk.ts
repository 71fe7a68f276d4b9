import { expect } from 'vitest';

/** A page of a connection. */
export interface Page<Node = { readonly id: string }> {
  readonly nodes: readonly Node[];
  readonly pageInfo: Readonly<Record<'hasNextPage' | 'hasPreviousPage', boolean>> &
    Readonly<Record<'startCursor' | 'endCursor', string>>;
}

type PageArguments = Readonly<Record<string, string | number>>;

/** The nodes of a whole list from either end, a page at a time, as they come. */
export async function walk<Node>(
  read: (args: PageArguments) => Promise<Page<Node>>,
  size: number,
  isForward = true,
): Promise<readonly Node[]> {
  const [count, cursor] = isForward ? ['first', 'after'] : ['last', 'before'];
  const found: Node[] = [];
  for (let position: PageArguments = {}; ;) {
    const { nodes, pageInfo } = await read({ [count]: size, ...position });
    expect(pageInfo[isForward ? 'hasPreviousPage' : 'hasNextPage']).toBe(found.length > 0);
    found.push(...(isForward ? nodes : nodes.toReversed()));
    if (!pageInfo[isForward ? 'hasNextPage' : 'hasPreviousPage']) return found;
    position = { [cursor]: isForward ? pageInfo.endCursor : pageInfo.startCursor };
  }
}
