import { builder } from './builder.ts';

/** An agent is known by its id alone; the rest of it belongs to other services. */
export interface Agent {
  readonly id: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');
