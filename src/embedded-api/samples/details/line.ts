import type { NewMessage } from '../../model/message.ts';
import type { SampleCall } from '../scenes.ts';
import type { Cast } from './cast.ts';

/** A message without what all messages of its step share. */
export type Line = Pick<NewMessage, 'role'> &
  Partial<NewMessage> & {
    /** When it was stored, from 0 (the start of its step) to 1 (the end). */
    readonly part: number;
  };

export function textPart(text: string): object {
  return { type: 'text', text };
}

type Reasoner = (thought: string, { random }: Cast) => object[];

/** How models show what they think. */
const REASONERS: Readonly<Record<Cast['reasoning'], Reasoner>> = {
  native: (reasoning, { random }) => [
    { type: 'reasoning', is_native: true, reasoning, signature: random.uuid() },
  ],
  redacted: (_, { random }) => [{ type: 'redacted_reasoning', data: random.uuid() }],
  omitted: () => [{ type: 'omitted_reasoning' }],
  none: () => [],
};

/** The parts of a content by which a model shows a thought. */
export function reasoningParts(cast: Cast, thought: string): object[] {
  return REASONERS[cast.reasoning](thought, cast);
}

/** A call as it is stored. */
export function toolCall(
  id: string,
  { name, arguments: args }: Pick<SampleCall, 'name' | 'arguments'>,
): object {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}

/** A response of a tool as Letta packs it. */
export function packed(status: 'OK' | 'Failed', message: string): string {
  return JSON.stringify({ status, message, time: 'now' });
}
