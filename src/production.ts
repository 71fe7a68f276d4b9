import process from 'node:process';

// Imported before all others: several libraries look at it once, and check more of their input than
// a server needs if it isn't set.
process.env['NODE_ENV'] ??= 'production';
