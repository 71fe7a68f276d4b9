import { unwatchFile, watchFile } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../observability/log.ts';
import { readAccessTokens } from './access-tokens.ts';
import { type Config, readOptions } from './config.ts';

const NAMES = ['apiKey', 'accessTokens', 'readOnlyAccessTokens', 'routerSecrets'] as const;

/** The settings that can be replaced while the gateway serves. */
export type GatewaySecrets = Pick<Config, (typeof NAMES)[number]>;

export function replaceableSecrets(config: Config): GatewaySecrets {
  const { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets } = config;
  return { apiKey, accessTokens, readOnlyAccessTokens, routerSecrets };
}

/** Returns the secrets that must not appear in texts of the upstream, the most important one last. */
export function secretsOf(config: GatewaySecrets): readonly string[] {
  const tokens = readAccessTokens(config).map(({ token }) => token);
  return [...tokens, ...(config.apiKey === undefined ? [] : [config.apiKey])];
}

/** Milliseconds between two looks at a file: also sees a link that leads elsewhere, as those of Kubernetes do. */
const LOOK_MS = 1_000;
/** Milliseconds from a change until all files are read: others change with it, or it is written in parts. */
const SETTLED_MS = 200;
/** Secrets that are remembered, to be kept out of texts. */
const MAX_KNOWN = 1_000;

export interface ReplaceableSecretsOptions {
  readonly config: Config;
  /** Those to be kept out of texts. The new ones are added. */
  readonly known: string[];
  /** Makes the new ones count, and no others. */
  readonly apply: (secrets: GatewaySecrets) => void;
  readonly log: Log;
}

export interface ReplaceableSecrets extends Disposable {
  /** @throws TypeError with all problems; nothing is replaced then */
  replace(secrets: Partial<GatewaySecrets>): void;
}

/**
 * Replaces secrets when a program says so, and when the files that hold them change. A file that can't be
 * used changes nothing.
 */
export function createReplaceableSecrets(options: ReplaceableSecretsOptions): ReplaceableSecrets {
  const { config, known, apply, log } = options;
  const inFiles = NAMES.filter((name) => config[`${name}File`] !== undefined);
  const files = inFiles.flatMap((name) => config[`${name}File`] ?? []);
  let current = config;
  let timer: NodeJS.Timeout | undefined;

  const take = (next: Config): void => {
    if (isDeepStrictEqual(replaceableSecrets(next), replaceableSecrets(current))) return;
    const [needed, needs] = [neededBy(config), neededBy(next)];
    const changed = Object.keys(needed).filter((name) => needed[name] !== needs[name]);
    if (changed.length > 0) {
      throw new TypeError(`${changed.join(', ')}: whether callers need one is decided at start`);
    }
    apply(next);
    const latest = secretsOf(next);
    const all = [...known.filter((secret) => !latest.includes(secret)), ...latest];
    known.splice(0, known.length, ...all.slice(-MAX_KNOWN));
    const labels = readAccessTokens(next).flatMap(({ label }) => label ?? []);
    log.info({ labels, isNewKey: next.apiKey !== current.apiKey }, 'Secrets were replaced');
    current = next;
  };
  const readFiles = (): void => {
    try {
      // What is left out is read from its file.
      take(readOptions({ ...current, ...Object.fromEntries(inFiles.map((name) => [name, undefined])) }));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      log.error({ problems: error.message.split('\n') }, 'Secrets were not replaced, and the old ones count');
    }
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(readFiles, SETTLED_MS).unref();
  };
  for (const file of files) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  // One may have changed since it was read, before it was watched.
  if (files.length > 0) changed();

  return {
    replace: (secrets) => take(readOptions({ ...current, ...secrets })),
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const file of files) unwatchFile(file, changed);
    },
  };
}

/** Which secrets callers need. */
function neededBy(secrets: GatewaySecrets): Readonly<Record<string, boolean>> {
  const { accessTokens, readOnlyAccessTokens, routerSecrets } = secrets;
  return {
    accessTokens: accessTokens.length + readOnlyAccessTokens.length > 0,
    routerSecrets: routerSecrets.length > 0,
  };
}
