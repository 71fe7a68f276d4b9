import { GraphQLError } from 'graphql';
import { quote } from '../lists/errors.ts';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description:
    'An instant in RFC 3339 format, always with a time zone: `2026-01-31T09:30:00.123456Z`. It has up to nine fractional digits (six, but for times in nanoseconds), and none if they would all be zero.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`DateTime: expected a string, but got ${quote(value)}`);
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value, exactly as the runs API has it.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
});

builder.scalarType('BigInt', {
  description:
    'A whole number of any size, serialized as a JSON number with all of its digits. Numbers beyond 2^53-1 need a parser that keeps them.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  serialize: (value) => (typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value),
});

builder.scalarType('Nanoseconds', {
  description:
    'A duration as a whole number of nanoseconds, serialized as a JSON number. Exact up to 2^53-1, which is 104 days; it does not fit into a 32-bit `Int`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value === 'number') return value;
    throw new GraphQLError(`Nanoseconds: expected a number, but got ${quote(value)}`);
  },
});
