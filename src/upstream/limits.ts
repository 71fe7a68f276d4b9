/** Bytes of one response of the runs API; a larger one is aborted while it is read. */
export const MAX_UPSTREAM_BYTES = 32 * 1024 * 1024;
