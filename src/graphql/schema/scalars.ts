import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description:
    'An instant as an RFC 3339 text, always with a time zone: `2026-01-31T09:30:00.123456Z`. It has up to six fraction digits, and none when they would all be zero.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: (value) => value,
});

builder.scalarType('JSON', {
  description: 'Any JSON value, exactly as it was stored with the run.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
});

builder.scalarType('Nanoseconds', {
  description:
    'A span of time as a whole number of nanoseconds, written as a JSON number. Exact up to 2^53-1, which is 104 days; it does not fit a 32-bit `Int`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-6',
  serialize: (value) => value,
});
