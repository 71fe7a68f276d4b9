/** Settings that are gone, by their keys, and what to do instead. */
export const REMOVED_SETTINGS: Readonly<Record<string, string>> = {
  memoryBudget: 'what clients can make the process hold has static limits; see docs/operate.md',
  rowMemoryMs: 'runs are looked up when they are asked for; unset it',
  liveIdleIntervalMs: 'a list that nothing happens to is polled every 2 seconds; unset it',
  upstreamMaxBytes: 'a response of the runs API may have 32 MiB; ask for fewer rows at once',
  upstreamProxy:
    'set HTTPS_PROXY or HTTP_PROXY, and NO_PROXY; in a program, the option upstreamProxy of createGateway',
  maxCostUnderWay:
    'operations that cost 50,000 are executed at once; limit one of them by MAX_COST, and callers by RATE_LIMIT',
  rowCopying:
    'rows are always copied; to find a fault, a program can give createGateway the option rowCopying: false',
  logSamplePercent: 'every operation is logged; sample the lines where the log is collected',
};
