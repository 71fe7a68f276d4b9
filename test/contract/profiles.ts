import { expect } from 'vitest';

interface Profile {
  /** The largest limit that the suite reads steps and messages with; longer lists are left out. */
  readonly manyDetails: number;
  /** Whether a larger limit is refused, instead of served. */
  readonly refusesMore: boolean;
  /** The body of the 422 for a list of runs with a limit above 1000. */
  readonly overLimit: unknown;
}

/** What servers differ in. */
export const PROFILES = {
  'self-hosted': {
    manyDetails: 1000,
    refusesMore: false,
    overLimit: { trace_id: expect.any(String), detail: expect.stringContaining("'loc': ('query', 'limit')") },
  },
  cloud: {
    manyDetails: 200,
    refusesMore: true,
    overLimit: {
      detail: [
        {
          type: 'less_than_equal',
          loc: ['query', 'limit'],
          msg: 'Input should be less than or equal to 1000',
          input: '1001',
          ctx: { le: 1000 },
        },
      ],
    },
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof PROFILES;
