import type { StoredRun } from '../model/run.ts';
import { stampText } from './instants.ts';
import type { Outcome } from './outcomes.ts';
import type { Random } from './random.ts';

type Times = Pick<
  StoredRun,
  | 'completed_at'
  | 'callback_url'
  | 'callback_sent_at'
  | 'callback_status_code'
  | 'callback_error'
  | 'ttft_ns'
  | 'total_duration_ns'
  | 'run_ns'
  | 'num_steps'
  | 'tools_used'
>;

/** The ids of tools, of which a run with more steps has used more. */
const TOOLS = [
  'tool-1c7d1a52-3f0e-4b8a-9d35-6a2f0e8b7c11',
  'tool-8e2b9f40-57c1-4d6e-a0b3-94f1d27c5a02',
  'tool-c05e6d13-7a94-4f2b-8b61-2f7c9a3e1d48',
];

/**
 * Generates when a run of a duration ended, the result of its callback, and its metrics; all null for an unfinished run.
 * @param callbacks the probability that there is a callback
 */
export function sampleTimes(
  random: Random,
  created: number,
  micros: number,
  { status }: Outcome,
  callbacks = 0.08,
): Times {
  const url = random.chance(callbacks) ? 'https://hooks.example.com/letta/run-finished' : null;
  if (status === 'created' || status === 'running') {
    return {
      completed_at: null,
      callback_url: url,
      callback_sent_at: null,
      callback_status_code: null,
      callback_error: null,
      ttft_ns: null,
      total_duration_ns: null,
      run_ns: null,
      num_steps: 0,
      tools_used: null,
    };
  }
  const completed = created + micros;
  // Letta measures the run from outside and from inside; the two differ by some milliseconds.
  const inside = random.chance(0.92) ? micros * 1000 - random.between(90_000, 30_000_000) : null;
  const failedCall = random.next();
  return {
    completed_at: stampText(completed),
    callback_url: url,
    callback_sent_at: url && stampText(completed + random.between(20_000, 900_000)),
    callback_status_code: url && (failedCall < 0.1 ? null : failedCall < 0.2 ? 503 : 200),
    callback_error: url && failedCall < 0.1 ? 'Request timed out after 5.0 seconds' : null,
    ttft_ns: random.chance(0.4) ? null : Math.floor(micros * 1000 * (0.05 + 0.4 * random.next())),
    total_duration_ns: micros * 1000 + random.between(0, 999),
    run_ns: inside,
    ...sampleSteps(random, inside, micros),
  };
}

/** Generates the number of steps and the tools that they used; both null for a run that wasn't measured. */
function sampleSteps(
  random: Random,
  inside: number | null,
  micros: number,
): Pick<Times, 'num_steps' | 'tools_used'> {
  if (inside === null) return { num_steps: null, tools_used: null };
  const isLong = micros > LONG_MICROS && random.chance(0.2);
  const possible = Math.max(1, Math.floor(micros / SHORTEST_STEP_MICROS));
  const steps = Math.min(possible, isLong ? random.between(51, 140) : random.between(1, 12));
  return { num_steps: steps, tools_used: toolsOf(steps) };
}

/** The ids of the tools that a run with so many steps has used. */
export function toolsOf(steps: number): readonly string[] {
  return TOOLS.slice(0, Math.floor(steps / 3));
}

/** From here on a run may have many steps. */
const LONG_MICROS = 60_000_000;
/** No model answers faster. */
const SHORTEST_STEP_MICROS = 400_000;

/** Generates a duration from 80 ms to 40 min, with a median of 9 s and a long tail. */
export function durationMicros(random: Random): number {
  const seconds = 9 * Math.exp(1.5 * random.normal());
  return Math.round(Math.min(2400, Math.max(0.08, seconds)) * 1_000_000);
}
