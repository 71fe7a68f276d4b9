import { DEFAULT_ACTOR, SECOND_ACTOR } from '../model/actors.ts';
import type { ApiRequest } from '../routes/router.ts';

/** Each project has the runs, agents, steps and messages of one organization. */
export const PROJECTS = [
  { name: 'default-project', id: 'proj-00000000-0000-4000-8000-000000000000', user: DEFAULT_ACTOR },
  { name: 'second-project', id: 'proj-00000000-0000-4000-8000-000000000001', user: SECOND_ACTOR },
];

/**
 * Returns the project that both headers name, the first one without them, or undefined for an unknown one. What
 * Letta Cloud makes of these headers isn't known.
 */
export function findProject({ headers }: ApiRequest): (typeof PROJECTS)[number] | undefined {
  const { 'x-project': name, 'x-project-id': id } = headers;
  return PROJECTS.find(
    (project) => (name ?? project.name) === project.name && (id ?? project.id) === project.id,
  );
}
