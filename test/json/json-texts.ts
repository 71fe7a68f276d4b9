import * as fc from 'fast-check';

/**
 * Pieces of strings: characters, their escapes, and texts that look like the start of an escape. V8
 * confuses keys whose source texts begin alike, so the alphabet is small.
 */
const PIECES = ['a', 'n', 'u', '1', 'é', '中', '\\\\', '\\n', '\\"', '\\/', '\\u0061', '\\u005C', '\\u0031'];
const escaped = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((pieces) => pieces.join(''));
/** Many objects begin with the same keys, so that one text prepares for the next. */
const key = fc.oneof(fc.constantFrom('a', 'b', 'id', '1', '__proto__', '\\u005f_proto__'), escaped);
const space = fc.oneof({ weight: 8, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\n\t', '\r '));
const scalar = fc.oneof(
  fc.constantFrom('1', '-0', '1.5e3', 'true', 'false', 'null', '""', '[]', '{}'),
  escaped.map((text) => `"${text}"`),
);

const { object, value } = fc.letrec<{ object: string; list: string; value: string }>((tie) => ({
  object: fc
    .array(fc.tuple(space, key, space, space, tie('value'), space), { maxLength: 4 })
    .map(
      (members) => `{${members.map(([a, name, b, c, one, d]) => `${a}"${name}"${b}:${c}${one}${d}`).join()}}`,
    ),
  list: fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join()}]`),
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, scalar, tie('object'), tie('list')),
}));

/** A valid text of an object with keys that are spelled with escapes, in any position. */
export const objectTexts: fc.Arbitrary<string> = object;

/** A valid text. */
export const jsonTexts: fc.Arbitrary<string> = fc.oneof(object, value);

/** A text that is mostly invalid: a character more, fewer or exchanged. */
export const brokenTexts: fc.Arbitrary<string> = fc
  .tuple(
    jsonTexts,
    fc.nat(),
    fc.nat(1),
    fc.constantFrom('', '"', '\\', ',', ':', '{', '}', ']', '0', '\n', 'x'),
  )
  .map(([text, seed, removed, added]) => {
    const at = seed % (text.length + 1);
    return text.slice(0, at) + added + text.slice(at + removed);
  });
