/** A seeded pseudorandom number generator. */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer from `low` to `high`, inclusive. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A number from the standard normal distribution. */
  normal(): number;
  /** A lower-case version 4 UUID. */
  uuid(): string;
}

const HEX = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));
const hex = (value: number): string => HEX[value & 0xffff] ?? '';

/** Creates an sfc32 generator: with its 128 bits of state, a million UUIDs don't collide as with 32 bits. */
export function createRandom(seed: number): Random {
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
  const next = (): number => (next32() >>> 0) / 4_294_967_296;
  // The first outputs of neighbouring seeds are correlated, so they are discarded.
  for (let round = 0; round < 16; round += 1) next32();
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    uuid() {
      const [first, second, third, fourth] = [next32(), next32(), next32(), next32()];
      const version = hex((second & 0x0fff) | 0x4000);
      const variant = hex((third & 0x3fff) | 0x8000);
      return (
        `${hex(first >>> 16)}${hex(first)}-${hex(second >>> 16)}-${version}-${variant}-` +
        `${hex(third >>> 16)}${hex(fourth >>> 16)}${hex(fourth)}`
      );
    },
  };
}
