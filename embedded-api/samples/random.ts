/** A seeded pseudorandom number generator. */
export type Random = ReturnType<typeof createRandom>;

/** Creates an sfc32 generator: with its 128 bits of state, a million UUIDs don't collide as with 32 bits. */
export function createRandom(seed: number) {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum;
  };
  /** Returns a number in [0, 1) with 32 random bits. */
  const next = (): number => (next32() >>> 0) / 4_294_967_296;
  // The first outputs of neighbouring seeds are correlated, so they are discarded.
  for (let round = 0; round < 16; round += 1) next32();
  return {
    next,
    /** Returns an integer from `low` to `high`, inclusive. */
    between: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    chance: (probability: number): boolean => next() < probability,
    pick: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
    /** Returns a number from the standard normal distribution. */
    normal: (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    /** Returns a lower-case version 4 UUID. */
    uuid(): string {
      const digits = Array.from({ length: 4 }, () => (next32() >>> 0).toString(16).padStart(8, '0')).join('');
      const variant = '89ab'[next32() & 3];
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
  };
}
