import { builder } from './builder.ts';

/** An agent. It is known by its id alone, and looked up when another of its fields is selected. */
export interface Agent {
  readonly id: string;
  /** When it was created, of one that was listed. */
  readonly createdInstant?: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');
