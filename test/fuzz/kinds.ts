import { createRandom } from '../../embedded-api/samples/random.ts';
import type { CaseMaker, FuzzCase } from './case.ts';
import { graphqlCases, type KnownThings } from './graphql-cases.ts';
import { httpCases } from './http-cases.ts';
import { rawCases } from './raw-cases.ts';

/** How often a kind comes, beside the others; those that cost much are rare. */
const WEIGHTS: Readonly<Record<string, number>> = {
  'mutated document': 300,
  'mutated document by GET': 60,
  cursors: 80,
  texts: 60,
  'JSON of another shape': 60,
  'query string': 60,
  'content type': 60,
  'deep document': 10,
  'deep JSON': 10,
  'many fragments': 5,
  'huge text': 3,
  introspection: 2,
  'many aliases': 2,
  'a thousand fragments': 0.1,
  GraphiQL: 1,
};
const USUAL_WEIGHT = 30;

export interface NumberedCase extends FuzzCase {
  readonly kind: string;
}

/** The case of each number; the same for the same seed, in whatever order they are made. */
export function createCases(seed: number, known: KnownThings): (index: number) => NumberedCase {
  const makers: Readonly<Record<string, CaseMaker>> = { ...rawCases, ...httpCases, ...graphqlCases(known) };
  const ladder: { readonly upTo: number; readonly kind: string; readonly make: CaseMaker }[] = [];
  let total = 0;
  for (const [kind, make] of Object.entries(makers)) {
    total += WEIGHTS[kind] ?? USUAL_WEIGHT;
    ladder.push({ upTo: total, kind, make });
  }
  return (index) => {
    const random = createRandom(Math.imul(seed, 0x9e3779b1) + index);
    const place = random.next() * total;
    const step = ladder.find(({ upTo }) => place < upTo);
    if (step === undefined) throw new Error('There are no kinds of cases');
    return { kind: step.kind, ...step.make(random) };
  };
}
