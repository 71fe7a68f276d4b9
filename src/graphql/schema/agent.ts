import { builder } from './builder.ts';

/** An agent. Only its id is known here; its other fields belong to other services. */
export interface Agent {
  readonly id: string;
}

export const AgentRef = builder.objectRef<Agent>('Agent');
