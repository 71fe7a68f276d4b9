import type { SampleCall } from '../scenes.ts';
import type { Cast } from './cast.ts';
import { CHART } from './images.ts';
import { type Line, packed, reasoningParts, textPart, toolCall } from './line.ts';

/** One message with calls, and one with what they return. @param at the number of the step */
export function callLines(
  cast: Cast,
  calls: readonly [SampleCall, ...SampleCall[]],
  at: number,
  isFailing: boolean,
): Line[] {
  const made = calls.map((call) => ({ id: cast.newCallId(), call }));
  return [
    {
      part: 0.7,
      role: 'assistant',
      content: reasoningParts(cast, at === 0 ? cast.scene.thought : `Next I need ${calls[0].name}.`),
      tool_calls: made.map(({ id, call }) => toolCall(id, call)),
    },
    {
      part: 0.95,
      role: 'tool',
      name: calls[0].name,
      tool_call_id: made[0]?.id ?? null,
      is_err: isFailing || null,
      tool_returns: made.map(({ id, call }) => ({
        tool_call_id: id,
        status: isFailing ? 'error' : 'success',
        ...(isFailing && { stderr: ['Traceback (most recent call last):', call.error] }),
        func_response: isFailing ? packed('Failed', call.error) : packed('OK', call.result),
      })),
    },
  ];
}

/** The call that needs approval, without its first argument. */
export function withoutArgument({ scene: { approved }, failure = approved.error }: Cast): SampleCall {
  const entries = Object.entries(approved.arguments).slice(1);
  return { ...approved, arguments: Object.fromEntries(entries), error: failure };
}

/** A tool that returns a text and an image. */
export function chartLines(cast: Cast, at: number): Line[] {
  const id = cast.newCallId();
  return [
    {
      part: 0.7,
      role: 'assistant',
      content: reasoningParts(cast, 'A chart shows this better.'),
      tool_calls: [toolCall(id, { name: 'draw_chart', arguments: { step: at, kind: 'bars' } })],
    },
    {
      part: 0.95,
      role: 'tool',
      name: 'draw_chart',
      tool_call_id: id,
      tool_returns: [
        {
          tool_call_id: id,
          status: 'success',
          stdout: ['1 chart'],
          func_response: [textPart('The chart of the last two weeks'), { type: 'image', source: CHART }],
        },
      ],
    },
  ];
}
