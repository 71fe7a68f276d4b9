import { MAX_EQUALS_LENGTH, MAX_PATH_LENGTH } from '../runs/metadata-filter.ts';
import { builder } from './builder.ts';

export const MetadataFilterRef = builder.inputType('MetadataFilter', {
  description: 'A condition on the `metadata` of a run: a path, and one of `equals` and `exists`.',
  fields: (t) => ({
    path: t.string({
      required: true,
      description: `A key, such as \`customer\`, or keys of objects in objects with dots between them, such as \`order.id\`; at most ${MAX_PATH_LENGTH} characters. A dot in a key is written as \`\\.\`, a backslash as \`\\\\\`. Paths don't lead into lists.`,
    }),
    equals: t.field({
      type: 'JSON',
      description: `The value that is there, at most ${MAX_EQUALS_LENGTH} characters of JSON. Objects are equal whatever the order of their keys, and numbers by value: 1 is 1.0. Null is a value that is there, unlike one that is missing.`,
    }),
    exists: t.boolean({
      description: 'Whether there is a value, null included. False is true of runs without metadata as well.',
    }),
  }),
});
