import type { SampleCall } from '../scenes.ts';
import { answerLines } from './answer-lines.ts';
import { approvalLines, requestLine } from './approval-lines.ts';
import { callLines, chartLines, withoutArgument } from './call-lines.ts';
import type { Cast } from './cast.ts';
import { type Line, textPart } from './line.ts';
import type { Event } from './plot.ts';

/** The messages of each event. `at` is the number of the step, by which calls take turns. */
const LINES: Readonly<Record<Event, (cast: Cast, at: number) => Line[]>> = {
  call: (cast, at) => callLines(cast, [callAt(cast, at)], at, false),
  'failing call': (cast, at) => callLines(cast, [callAt(cast, at)], at, true),
  'fatal call': (cast, at) => callLines(cast, [fatalCall(cast)], at, true),
  'wrong call': (cast, at) => callLines(cast, [withoutArgument(cast)], at, true),
  'interrupted call': (cast, at) => callLines(cast, [callAt(cast, at)], at, false).slice(0, 1),
  'two calls': (cast, at) => callLines(cast, cast.scene.calls, at, false),
  chart: chartLines,
  approval: approvalLines,
  request: (cast) => [requestLine(cast, cast.newCallId())],
  answer: (cast) => answerLines(cast, cast.story.answer),
  'cut answer': (cast) => answerLines(cast, cast.story.answer.slice(0, 40)),
  thought: (cast) => [{ part: 0.7, role: 'assistant', content: [textPart(cast.scene.thought)] }],
  nothing: () => [],
};

/** The messages of one step. */
export function linesOf(cast: Cast, event: Event, at: number): Line[] {
  return LINES[event](cast, at);
}

function callAt({ scene: { calls } }: Cast, at: number): SampleCall {
  return calls[at % calls.length] ?? calls[0];
}

function fatalCall({ scene, failure }: Cast): SampleCall {
  const [call] = scene.calls;
  return { ...call, error: failure ?? call.error };
}
