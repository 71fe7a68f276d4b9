import type { Random } from '../../embedded-api/samples/random.ts';
import { CORPUS } from './corpus.ts';

const TOKEN = /"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|\$?[A-Za-z_]\w*|-?\d+(?:\.\d+)?|\.\.\.|\S/g;
/** Longer documents are cut, so that no mutation of mutations takes long. */
const MAX_TOKENS = 300;

const OTHERS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '|',
  '&',
  '=',
  '@',
  '$',
  '#',
  ',',
  '"',
  '\\',
  '...',
  '""""',
  '"\\u{110000}"',
  '"\\ud800"',
  '"\n"',
  'query',
  'mutation',
  'subscription',
  'fragment',
  'on',
  'type',
  'extend',
  'schema',
  'null',
  'true',
  '__proto__',
  '__typename',
  '__schema',
  '_service',
  '_entities',
  '@skip(if: true)',
  '@include(if: $x)',
  '@defer',
  '@stream(initialCount: 0)',
  '@oneOf',
  '2147483648',
  '-1',
  '1e309',
  '00',
  '1.',
  '.5',
  '0x1',
  '\ufeff',
  '\0',
  '\u2028',
  '\ud800',
  'é',
] as const;

/** A document of the corpus after one to six changes of its tokens. */
export function mutatedDocument(random: Random): string {
  let tokens = tokensOf(random.pick(CORPUS));
  for (let changes = random.between(1, 6); changes > 0; changes--) {
    tokens = mutate(tokens, random).slice(0, MAX_TOKENS);
  }
  return tokens.join(random.chance(0.9) ? ' ' : '');
}

function mutate(tokens: readonly string[], random: Random): string[] {
  const at = random.between(0, tokens.length);
  const to = Math.min(tokens.length, at + random.between(1, 8));
  const [before, part, after] = [tokens.slice(0, at), tokens.slice(at, to), tokens.slice(to)];
  const other = tokensOf(random.pick(CORPUS));
  const from = random.between(0, other.length);
  switch (random.between(0, 7)) {
    case 0:
      return [...before, ...tokens.slice(at + 1)];
    case 1:
      return [...before, ...after];
    case 2:
      return [...before, ...part, ...part, ...after];
    case 3:
      return [...before, ...part.toReversed(), ...after];
    case 4:
      return [...before, random.pick(OTHERS), ...tokens.slice(at)];
    case 5:
      return [...before, random.pick(OTHERS), ...tokens.slice(at + 1)];
    case 6:
      return [...before, ...other.slice(from, from + random.between(1, 12)), ...tokens.slice(at)];
    default:
      return random.chance(0.2)
        ? before
        : [...before, ...part.map((token) => garbled(token, random)), ...after];
  }
}

function garbled(token: string, random: Random): string {
  const at = random.between(0, token.length);
  return (
    token.slice(0, at) +
    String.fromCharCode(random.between(0, 0x2ff)) +
    token.slice(at + random.between(0, 1))
  );
}

function tokensOf(document: string): string[] {
  return document.match(TOKEN) ?? [];
}
