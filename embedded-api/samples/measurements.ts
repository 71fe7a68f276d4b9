import { timestampOf } from '../store/timestamps.ts';
import type { Random } from './random.ts';

/** The measurements of a run that hasn't ended. */
export const UNFINISHED = {
  completed_at: null,
  callback_sent_at: null,
  callback_status_code: null,
  callback_error: null,
  ttft_ns: null,
  total_duration_ns: null,
  run_ns: null,
  num_steps: 0,
  tools_used: null,
};

/** The ids of tools, of which a run with more steps has used more. */
const TOOLS = [
  'tool-1c7d1a52-3f0e-4b8a-9d35-6a2f0e8b7c11',
  'tool-8e2b9f40-57c1-4d6e-a0b3-94f1d27c5a02',
  'tool-c05e6d13-7a94-4f2b-8b61-2f7c9a3e1d48',
];

export interface Measured {
  /** When the run was created, in microseconds, as is `duration`. */
  readonly created: number;
  readonly duration: number;
  /** The probability that there is a callback. @default 0.08 */
  readonly callbacks?: number;
  /** The number of steps. @default chosen, and unknown for a run whose metrics weren't measured */
  readonly steps?: number;
}

/** Generates the measurements of a run that has ended. */
export function sampleTimes(random: Random, { created, duration, callbacks = 0.08, steps }: Measured) {
  const url = random.chance(callbacks) ? 'https://hooks.example.com/letta/run-finished' : null;
  const completed = created + duration;
  // Letta measures the run from outside and from inside; the two differ by some milliseconds.
  const inside = random.chance(0.92) ? duration * 1000 - random.between(90_000, 30_000_000) : null;
  const failedCall = random.next();
  const num_steps = steps ?? (inside === null ? null : sampleSteps(random, duration));
  return {
    completed_at: timestampOf(completed),
    callback_url: url,
    callback_sent_at: url && timestampOf(completed + random.between(20_000, 900_000)),
    callback_status_code: url === null || failedCall < 0.1 ? null : failedCall < 0.2 ? 503 : 200,
    callback_error: url && failedCall < 0.1 ? 'Request timed out after 5.0 seconds' : null,
    ttft_ns: random.chance(0.4) ? null : Math.floor(duration * 1000 * (0.05 + 0.4 * random.next())),
    total_duration_ns: duration * 1000 + random.between(0, 999),
    run_ns: inside,
    num_steps,
    tools_used: num_steps === null ? null : TOOLS.slice(0, Math.floor(num_steps / 3)),
  };
}

const LONG_MICROS = 60_000_000;
/** The shortest time in which a model answers. */
const SHORTEST_STEP_MICROS = 400_000;

function sampleSteps(random: Random, duration: number): number {
  const isLong = duration > LONG_MICROS && random.chance(0.2);
  const possible = Math.max(1, Math.floor(duration / SHORTEST_STEP_MICROS));
  return Math.min(possible, isLong ? random.between(51, 140) : random.between(1, 12));
}

/** Generates a duration from 80 ms to 40 min, with a median of 9 s and a long tail. */
export function durationMicros(random: Random): number {
  const seconds = 9 * Math.exp(1.5 * random.normal());
  return Math.round(Math.min(2400, Math.max(0.08, seconds)) * 1_000_000);
}
