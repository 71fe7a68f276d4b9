import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../observability/log.ts';
import { readAccessTokens } from '../server/access-tokens.ts';
import { type Config, type ProgramConfig, readOptions } from './config.ts';
import type { FromFiles } from './watched-files.ts';

const NAMES = ['apiKey', 'accessTokens', 'readOnlyAccessTokens', 'routerSecrets'] as const;

/** Secrets of which callers need one if any are set. */
const KINDS = [['accessTokens', 'readOnlyAccessTokens'], ['routerSecrets']] as const;

/** The settings that can be replaced while the gateway serves. */
export type GatewaySecrets = Pick<Config, (typeof NAMES)[number]>;

export function secretsIn(config: Config): GatewaySecrets {
  const { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets } = config;
  return { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets };
}

/** Returns the secrets that must not appear in texts of the upstream, the most important one last. */
export function textsToHide(secrets: GatewaySecrets): readonly string[] {
  const tokens = readAccessTokens(secrets).map(({ token }) => token);
  return [...tokens, ...(secrets.apiKey === undefined ? [] : [secrets.apiKey])];
}

/** Secrets that are remembered, to be kept out of texts. */
const MAX_HIDDEN = 1_000;

export interface ReplaceableSecretsOptions {
  readonly config: ProgramConfig;
  /** Secrets to be kept out of texts. The new ones are added. */
  readonly hidden: string[];
  /** Makes the new secrets count, and no others. */
  readonly apply: (secrets: GatewaySecrets) => void;
  readonly log: Log;
}

export interface ReplaceableSecrets extends FromFiles {
  /** @throws TypeError with all problems; nothing is replaced then */
  replace(secrets: Partial<GatewaySecrets>): void;
}

/** Replaces secrets while the gateway serves: by those that a program gives, or that are in their files. */
export function createReplaceableSecrets(options: ReplaceableSecretsOptions): ReplaceableSecrets {
  const { config, hidden, apply, log } = options;
  const inFiles = NAMES.filter((name) => config[`${name}File`] !== undefined);
  let current = config;

  const take = (next: ProgramConfig): void => {
    if (isDeepStrictEqual(secretsIn(next), secretsIn(current))) return;
    const changed = KINDS.find((names) => isAnySet(next, names) !== isAnySet(config, names));
    if (changed !== undefined)
      throw new TypeError(`${changed[0]}: whether callers need one is decided at start`);
    apply(next);
    const latest = textsToHide(next);
    const all = [...hidden.filter((secret) => !latest.includes(secret)), ...latest];
    hidden.splice(0, hidden.length, ...all.slice(-MAX_HIDDEN));
    const labels = readAccessTokens(next).flatMap(({ label }) => label ?? []);
    log.info({ labels, isNewKey: next.apiKey !== current.apiKey }, 'Secrets were replaced');
    current = next;
  };

  return {
    replace: (secrets) => take(readOptions({ ...current, ...secrets })),
    files: inFiles.map((name) => config[`${name}File`]),
    // What is left out is read from its file.
    read: () =>
      take(readOptions({ ...current, ...Object.fromEntries(inFiles.map((name) => [name, undefined])) })),
    failure: 'Secrets were not replaced, and the old ones count',
  };
}

function isAnySet(secrets: GatewaySecrets, names: (typeof KINDS)[number]): boolean {
  return names.some((name) => secrets[name].length > 0);
}
