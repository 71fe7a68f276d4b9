import type { Cast } from './cast.ts';
import { LABEL } from './images.ts';
import { type Line, packed, reasoningParts, textPart, toolCall } from './line.ts';

/** The request of the customer: sometimes packed as older versions did, sometimes with a photo. */
export function requestContent({ story, random }: Cast): object[] {
  if (random.chance(0.12)) return [textPart(story.note), { type: 'image', source: LABEL }];
  if (random.chance(0.15))
    return [textPart(JSON.stringify({ type: 'user_message', message: story.note, time: 'now' }))];
  return [textPart(story.note)];
}

/** Older agents answer by a tool, whose return says nothing. */
export function answerLines(cast: Cast, message: string): Line[] {
  if (cast.isAnswering)
    return [
      {
        part: 0.7,
        role: 'assistant',
        content: [...reasoningParts(cast, 'That is all I need for an answer.'), textPart(message)],
      },
    ];
  const id = cast.newCallId();
  return [
    {
      part: 0.7,
      role: 'assistant',
      content: [textPart(cast.scene.thought)],
      tool_calls: [toolCall(id, { name: 'send_message', arguments: { message } })],
    },
    {
      part: 0.95,
      role: 'tool',
      name: 'send_message',
      tool_call_id: id,
      tool_returns: [{ tool_call_id: id, status: 'success', func_response: packed('OK', 'None') }],
    },
  ];
}
