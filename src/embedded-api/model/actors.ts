/** The user named by the `user_id` header, who sees everything in their organization. */
export interface Actor {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

export const DEFAULT_ACTOR: Actor = {
  id: 'user-00000000-0000-4000-8000-000000000000',
  organizationId: 'org-00000000-0000-4000-8000-000000000000',
  name: 'default_user',
};

/** A user of another organization, whose runs must stay invisible to the default user. */
export const SECOND_ACTOR: Actor = {
  id: 'user-00000000-0000-4000-8000-000000000001',
  organizationId: 'org-00000000-0000-4000-8000-000000000001',
  name: 'second_user',
};

/** Returns the user with an id. An unknown id silently becomes the default user, as in Letta 0.16.7. */
export function findActor(userId: string | undefined): Actor {
  return userId === SECOND_ACTOR.id ? SECOND_ACTOR : DEFAULT_ACTOR;
}

/** Returns the Python repr of a user, which Letta 0.16.7 leaks in its 404 messages. */
export function actorRepr(actor: Actor): string {
  const created = 'datetime.datetime(2026, 1, 5, 9, 30, 12, 417605, tzinfo=datetime.timezone.utc)';
  return (
    `id='${actor.id}' organization_id='${actor.organizationId}' name='${actor.name}' ` +
    `created_at=${created} updated_at=${created} is_deleted=False`
  );
}
