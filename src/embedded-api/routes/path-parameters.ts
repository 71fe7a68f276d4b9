import { UUID4 } from './actor.ts';
import type { ParameterError } from './parameter-error.ts';

/**
 * Checks ids in a path as Letta's newer routes do: a malformed one is an error of validation.
 * @param ids by the name of the parameter, such as `step_id`, which begins with the prefix of the ids
 */
export function pathProblems(ids: Readonly<Record<string, string>>): {
  readonly problems: readonly ParameterError[];
  /** A valid id for each malformed one; undefined without any. */
  readonly examples: readonly string[] | undefined;
} {
  const wrong = Object.entries(ids)
    .map(([name, input]) => ({ name, input, prefix: name.replace(/_id$/, '') }))
    .filter(({ input, prefix }) => !new RegExp(patternOf(prefix)).test(input));
  if (wrong.length === 0) return { problems: [], examples: undefined };
  return {
    problems: wrong.map(({ name, input, prefix }) => ({
      type: 'string_pattern_mismatch',
      place: 'path',
      name,
      msg: `String should match pattern '${prefix}-{uuid4}'`,
      input,
      ctx: { pattern: patternOf(prefix) },
    })),
    examples: wrong.map(({ prefix }) => `${prefix}-123e4567-e89b-42d3-8456-426614174000`),
  };
}

/** Unlike Python's, this pattern admits no line break at the end. */
function patternOf(prefix: string): string {
  return `^${prefix}-${UUID4}$`;
}
