import type { RunsApiOptions } from '../../embedded-api/routes/server.ts';

/** An upstream over which pages, windows, counts, details and live changes have to be exact. */
export interface UpstreamVariant extends Pick<RunsApiOptions, 'profile' | 'dialect' | 'maxLimit'> {
  readonly variant: string;
}

export const SELF_HOSTED = [
  { variant: 'self-hosted, reversed', profile: 'self-hosted', dialect: 'reversed' },
  { variant: 'self-hosted, documented', profile: 'self-hosted', dialect: 'documented' },
] as const satisfies readonly UpstreamVariant[];

/** What the Cloud's cursors mean isn't known, so neither may matter, for any list. */
export const CLOUD = [
  { variant: 'cloud, reversed', profile: 'cloud', dialect: 'reversed' },
  { variant: 'cloud, documented', profile: 'cloud', dialect: 'documented' },
  { variant: 'cloud, reversed, 50 rows a page', profile: 'cloud', dialect: 'reversed', maxLimit: 50 },
] as const satisfies readonly UpstreamVariant[];

/** The configuration that a gateway over the variant needs: the Cloud takes any key. */
export function keyFor({ profile }: Pick<UpstreamVariant, 'profile'>): { readonly apiKey?: string } {
  return profile === 'cloud' ? { apiKey: 'any-key' } : {};
}
