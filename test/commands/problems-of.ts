import { ConfigError } from '../../src/config/config-error.ts';

/** What is wrong with what was read; nothing if it could be. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
