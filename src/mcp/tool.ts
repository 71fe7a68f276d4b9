import * as z from 'zod';
import type { Answer } from './answer.ts';
import type { Document } from './documents.ts';

/** A tool: a document of ours, the variables for its arguments, and what is said of its data. */
interface ToolRow<Input extends z.ZodObject, Data, Variables> {
  readonly name: string;
  /** When to choose this tool; its arguments describe themselves. */
  readonly description: string;
  readonly input: Input;
  readonly document: Document<Data, Variables>;
  readonly variables: (args: z.output<Input>, now: number) => Variables;
  readonly answer: (data: Data, args: z.output<Input>, now: number) => Answer;
  /** Hints for clients about a tool that changes something, which not everyone may call. */
  readonly writes?: { readonly destructiveHint: boolean; readonly idempotentHint: boolean };
  /** Of a subscription: how long to wait, and whether the data is what is waited for. */
  readonly waits?: {
    readonly milliseconds: (args: z.output<Input>) => number;
    readonly hasCome: (data: Data) => boolean;
  };
}

/** A tool, whatever its arguments and its data. */
export interface Tool extends Omit<ToolRow<z.ZodObject, unknown, object>, 'document'> {
  readonly document: { readonly text: string };
}

export function tool<Input extends z.ZodObject, Data, Variables extends object>(
  row: ToolRow<Input, Data, Variables>,
): Tool {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It is called with what its input and document give.
  return row as unknown as Tool;
}

const id = z.string().min(1).max(200);
/** Arguments of several tools. */
export const runId = id.describe('Id of a run, from list_runs');
export const agentId = id.describe('Id of an agent, from find_agents or a row');
export const conversationId = id;
export const paging = {
  limit: z.int().min(1).max(50).default(20),
  cursor: z.string().min(1).max(1000).optional().describe('From "rest" of the answer before'),
};

/**
 * Returns the list of an answer, which says how to go on.
 *
 * @param nodes their ids are cursors
 * @param more whether there are more, or the cursor to go on from
 */
export function listOf(
  name: string,
  nodes: readonly { readonly id: string }[] = [],
  more?: boolean | string | null,
  keepsEnd = false,
): NonNullable<Answer['list']> {
  const rest = (shown: number): string => {
    const isCut = shown < nodes.length || more === true;
    const cursor = isCut ? nodes.at(keepsEnd ? -shown : shown - 1)?.id : more || undefined;
    return cursor === undefined ? 'This is all.' : `There are more: call again with cursor ${cursor}`;
  };
  return { name, items: nodes, keepsEnd, rest };
}
