import { builder } from './builder.ts';

/** An agent. It is known by its id alone, and looked up when another of its fields is selected. */
export interface Agent {
  readonly id: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');
