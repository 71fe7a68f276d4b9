import type { Credentials } from '../../src/upstream/credentials.ts';

/** Who sends requests under this name, with these headers. */
export function credentialsOf(name: string, headers: Readonly<Record<string, string>> = {}): Credentials {
  return {
    callerKey: name,
    account: name,
    headers,
    label: undefined,
    isReadOnly: false,
    isAlike: false,
    grant: undefined,
  };
}
