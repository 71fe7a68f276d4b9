/** The memory of the process, of which only a part is known by what is entered. */
export interface ProcessMemory {
  /** Returns the bytes of the machine's memory that the process has. */
  readonly residentBytes: () => number;
  /** Collects garbage, and gives back to the system what is free. May take tens of milliseconds. */
  readonly releaseMemory: () => void;
}

/** Bytes that may come on top of what is entered: compiled code, garbage, and what the allocator keeps. */
const OVERHEAD_BYTES = 96 * 1024 * 1024;
/** Milliseconds between looks at the memory of the process for what comes in. */
const LOOK_MS = 50;
/** Milliseconds between those that may release some, and how many of them must find little before the last one. */
const RELEASE_MS = 1_000;
const QUIET_TURNS = 3;
/** How many times as long as a release took none follows: with much that is not garbage, it takes a good part of a second. */
const REST = 20;
/** The parts of the budget up to which it is as good as nothing, and up to which anything may be held. */
const LITTLE = 1 / 16;
const ALWAYS_HELD = 1 / 2;

/**
 * Returns a function that says how many bytes may be held where so many would be. That is the budget, unless the process
 * has grown by more than what is held and some overhead explain: then it is less by as much, but at least half. While more
 * than a little is held, and once when it no longer is, overhead is released if it has become too much. That may be in
 * vain, where an app has grown by itself, so it takes a small part of the time at most.
 *
 * @param held returns what is held
 */
export function createPressure(
  budgetBytes: number,
  { residentBytes, releaseMemory }: ProcessMemory,
  held: () => number,
): (wantedBytes: number) => number {
  const startBytes = residentBytes();
  let limit = budgetBytes;
  let lookedAt = -Infinity;
  let quietTurns = 0;
  let restsUntil = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const overhead = (): number => residentBytes() - startBytes - held();
  const release = (): void => {
    quietTurns = held() > budgetBytes * LITTLE ? 0 : quietTurns + 1;
    const isOver = quietTurns >= QUIET_TURNS;
    if (overhead() > (isOver ? OVERHEAD_BYTES / 2 : OVERHEAD_BYTES)) {
      const start = performance.now();
      if (start < restsUntil) return;
      releaseMemory();
      const end = performance.now();
      restsUntil = end + REST * (end - start);
    }
    if (!isOver) return;
    clearInterval(timer);
    timer = undefined;
    quietTurns = 0;
  };

  return (wantedBytes) => {
    if (wantedBytes <= budgetBytes * LITTLE) return budgetBytes;
    timer ??= setInterval(release, RELEASE_MS).unref();
    const now = performance.now();
    if (now - lookedAt >= LOOK_MS) {
      lookedAt = now;
      limit = budgetBytes - Math.max(0, overhead() - OVERHEAD_BYTES);
    }
    return Math.max(limit, budgetBytes * ALWAYS_HELD);
  };
}
