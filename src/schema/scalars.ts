import { builder } from './builder.ts';

// Scalars throw TypeErrors, since graphql-js adds the location of the literal to those, but not to GraphQLErrors.

builder.scalarType('DateTime', {
  description:
    'An instant in RFC 3339 format, always with a time zone: `2026-01-31T09:30:00.123456Z`. It has up to six fractional digits, and none if they would all be zero. Arguments also take a date, `2026-01-31`, for the start of that day in UTC.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  parseValue(value) {
    if (typeof value === 'string') return value;
    throw new TypeError('expected a string, such as "2026-01-31T09:30:00Z" or "2026-01-31"');
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value, exactly as the runs API has it. As input, numbers beyond 2^53-1 are refused.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => value,
});

builder.scalarType('BigInt', {
  description:
    'A whole number that may be beyond 32 bits, serialized as a JSON number. Exact up to 2^53-1, and rounded beyond.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
});

builder.scalarType('Nanoseconds', {
  description:
    'A duration as a whole number of nanoseconds, serialized as a JSON number. Exact up to 2^53-1, which is 104 days, and rounded beyond; it does not fit into a 32-bit `Int`. Arguments also take an ISO 8601 duration, such as `"PT1M"` or `"PT0.5S"`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  parseValue(value) {
    if (typeof value === 'number' || typeof value === 'string') return value;
    throw new TypeError('expected a whole number, or an ISO 8601 duration such as "PT1M"');
  },
});
