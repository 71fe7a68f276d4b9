/** A user, who sees everything in their organization. */
export interface Actor {
  readonly id: string;
  readonly organizationId: string;
}

export const DEFAULT_ACTOR: Actor = {
  id: 'user-00000000-0000-4000-8000-000000000000',
  organizationId: 'org-00000000-0000-4000-8000-000000000000',
};

/** A user of another organization, whose runs must stay invisible to the default user. */
export const SECOND_ACTOR: Actor = {
  id: 'user-00000000-0000-4000-8000-000000000001',
  organizationId: 'org-00000000-0000-4000-8000-000000000001',
};

/** Each project has the runs, agents, steps and messages of one organization. */
export const PROJECTS = [
  { name: 'default-project', id: 'proj-00000000-0000-4000-8000-000000000000', user: DEFAULT_ACTOR },
  { name: 'second-project', id: 'proj-00000000-0000-4000-8000-000000000001', user: SECOND_ACTOR },
];
