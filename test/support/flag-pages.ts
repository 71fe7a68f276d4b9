type Flags = Readonly<Record<'hasPreviousPage' | 'hasNextPage', boolean>>;

/** Items of which a request brings 200 at most, so that some pages and flags take two requests. */
export const FLAG_ITEMS = 300;
const SIZES = [...Array.from({ length: 8 }, (_, n) => 194 + n), 299, 300];

/** Pages of the items from either end, each with its flags; `cursor` is that of the item in the middle. */
export const flagPages = (cursor: string): readonly (readonly [args: string, flags: Flags])[] => [
  ...SIZES.flatMap((size) => [
    [`first: ${size}`, { hasPreviousPage: false, hasNextPage: size < FLAG_ITEMS }] as const,
    [`last: ${size}`, { hasPreviousPage: size < FLAG_ITEMS, hasNextPage: false }] as const,
  ]),
  ...[149, 150].flatMap((size) => [
    [`first: ${size}, after: "${cursor}"`, { hasPreviousPage: true, hasNextPage: size < 150 }] as const,
    [`last: ${size}, before: "${cursor}"`, { hasPreviousPage: size < 149, hasNextPage: true }] as const,
  ]),
];
