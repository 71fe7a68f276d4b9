/** What differs among servers: its name, and what comes of it for those who use the gateway. */
export const TRAITS = {
  cursors: ['cursors of runs', 'The gateway detects them; answers are the same.'],
  runsLimit: [
    'rows of runs at once',
    'The gateway asks for 1,000 at most, and for fewer where that is refused.',
  ],
  partsLimit: [
    'rows of other lists at once',
    'The gateway asks for 200, and for whole lists where the server allows it.',
  ],
  durations: [
    'durations in lists',
    'If lists lack them, filters and percentiles by duration are refused; `metrics { durationNs }` has them.',
  ],
  internalList: [
    'internal list',
    'Without it, or without its dates, windows of time are found by reading the list of runs.',
  ],
  conversations: ['`conversationId`', 'Null on servers without it; as a filter, an error.'],
  model: ['`Agent.model`', 'On servers without it, the handle in `llm_config`.'],
  stepDetails: ['`modelHandle`, cached tokens', 'Null on servers without them.'],
  stopReasons: ['stop reasons', 'Others are an error when used as a filter.'],
  cancelling: [
    'cancelling runs of one agent',
    'If such a server fails at one run, it leaves those after it; `failures` has them all.',
  ],
} as const;

type Trait = keyof typeof TRAITS;

/** A release of Letta, or the Cloud, and what users of the gateway meet there. */
export interface Server {
  readonly name: string;
  /** From what this is known. */
  readonly source: string;
  readonly traits: Readonly<Record<Trait, string>>;
}

const SOURCE = 'its source code';
const REAL = 'a real server';

const V0_16_5 = {
  cursors: 'reversed',
  runsLimit: '1,000',
  partsLimit: 'any number',
  durations: 'all',
  internalList: 'there',
  conversations: 'there',
  model: 'there',
  stepDetails: 'there',
  stopReasons: 'all 13',
  cancelling: 'each by itself',
};
const V0_16_2 = {
  ...V0_16_5,
  stepDetails: 'not there',
  stopReasons: '12, without INSUFFICIENT_CREDITS',
};
const V0_16_1 = { ...V0_16_2, conversations: 'not there' };
const V0_14 = {
  ...V0_16_1,
  stopReasons: '10, also without MAX_TOKENS_EXCEEDED and CONTEXT_WINDOW_OVERFLOW_IN_SYSTEM_PROMPT',
  cancelling: 'up to the first that fails',
};
const V0_13 = {
  ...V0_14,
  cursors: 'documented',
  runsLimit: 'any number',
  durations: 'not those of metrics',
  internalList: 'without dates',
  model: 'in `llm_config`',
};

/** The release that this gateway was made for, with which others are compared. */
export const REFERENCE: Server = { name: '0.16.7', source: REAL, traits: V0_16_5 };

/** The releases from which on something differs, oldest first. What is older isn't served. */
const RELEASES: readonly Server[] = [
  {
    name: '0.12.0',
    source: 'a real server of 0.12.1',
    traits: { ...V0_13, internalList: 'missing' },
  },
  { name: '0.13.0', source: REAL, traits: V0_13 },
  { name: '0.14.0', source: REAL, traits: V0_14 },
  { name: '0.15.0', source: SOURCE, traits: V0_14 },
  { name: '0.16.1', source: SOURCE, traits: V0_16_1 },
  { name: '0.16.2', source: SOURCE, traits: V0_16_2 },
  { name: '0.16.5', source: SOURCE, traits: V0_16_5 },
  REFERENCE,
];

export const CLOUD: Server = {
  name: 'Letta Cloud',
  source: 'public sources only: tests can not reach it',
  traits: {
    ...V0_16_5,
    cursors: 'not known',
    partsLimit: '200',
    durations: 'not known',
    internalList: 'missing',
  },
};

export const SERVERS: readonly Server[] = [...RELEASES, CLOUD];

/** The release that a version counts as: itself, or the last one before it. */
export interface KnownRelease {
  /** Undefined for one that is too old. */
  readonly release: Server | undefined;
  readonly isNewer: boolean;
}

/** @returns undefined for a text that is no version */
export function releaseOf(version: string): KnownRelease | undefined {
  const number = numberOf(version);
  if (number === undefined) return undefined;
  const release = RELEASES.findLast(({ name }) => (numberOf(name) ?? 0) <= number);
  return { release, isNewer: number > (numberOf(REFERENCE.name) ?? 0) };
}

/** Makes versions comparable; undefined for a text that is none. */
function numberOf(version: string): number | undefined {
  const [, major, minor, patch = 0] = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/.exec(version) ?? [];
  if (major === undefined) return undefined;
  return (Number(major) * 10_000 + Number(minor)) * 10_000 + Number(patch);
}

const TRAIT_TEXTS = new Map<string, readonly [name: string, effect: string]>(Object.entries(TRAITS));
const USUAL = new Map<string, string>(Object.entries(REFERENCE.traits));

/** What differs from the release that this gateway was made for, and what comes of it. */
export function differences({ traits }: Server): readonly (readonly [difference: string, effect: string])[] {
  return Object.entries(traits).flatMap(([key, trait]) => {
    const [name, effect] = TRAIT_TEXTS.get(key) ?? ['', ''];
    return trait === USUAL.get(key) ? [] : [[`${name}: ${trait}`, effect] as const];
  });
}
