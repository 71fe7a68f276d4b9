import * as z from 'zod';
import type { Answer } from './answer.ts';
import type { Document } from './documents.ts';

/** A problem that the agent which calls a tool can do something about. */
export class ToolError extends Error {
  override readonly name = 'ToolError' as const;
}

/** When a tool is called, and the page of a run for people. */
export interface ToolContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The address of a run's page, or the pattern of all; null where none is served. */
  readonly page: (runId?: string) => string | null;
}

/** A tool: a document of ours, the variables for its arguments, and what is said of its data. */
interface ToolRow<Input extends z.ZodObject, Data, Variables> {
  readonly name: string;
  readonly title: string;
  /** When to choose this tool; its arguments describe themselves. */
  readonly description: string;
  readonly input: Input;
  readonly document: Document<Data, Variables>;
  readonly variables: (args: z.output<Input>, now: number) => Variables;
  /** @throws ToolError */
  readonly answer: (data: Data, args: z.output<Input>, context: ToolContext) => Answer;
  /** Whether it changes something: hints for clients, and a condition of who may call it. */
  readonly writes?: { readonly isDestructive: boolean; readonly isIdempotent: boolean };
  /** Of a subscription: how long to wait, and whether the data is what is waited for. */
  readonly waits?: {
    readonly milliseconds: (args: z.output<Input>) => number;
    readonly isOver: (data: Data) => boolean;
  };
}

/** A tool, whatever its arguments and its data. */
export interface Tool extends Omit<ToolRow<z.ZodObject, unknown, object>, 'variables'> {
  readonly variables: (args: Readonly<Record<string, unknown>>, now: number) => object;
}

export function tool<Input extends z.ZodObject, Data, Variables extends object>(
  row: ToolRow<Input, Data, Variables>,
): Tool {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It is called with what its input and document give.
  return row as unknown as Tool;
}

/** Arguments of several tools. */
export const runId = z.string().min(1).max(200).describe('Id of a run, from list_runs');
export const agentId = z.string().min(1).max(200).describe('Id of an agent, from find_agents');
export const cursor = z.string().min(1).max(1000).describe('From "rest" of the answer before');
export const limit = z.int().min(1).max(50).default(20);

/** Says how to go on in a list, or that this is all. @param next the cursor; undefined at the end */
export function restOf(next: string | undefined): string {
  return next === undefined ? 'This is all.' : `There are more: call again with cursor "${next}".`;
}
