import process from 'node:process';

// Imported by a program before its own code, to be told what memory it has: see `startMeasured`.

const MEBIBYTE = 1024 * 1024;

process.on('message', (message) => {
  if (message !== 'report') return;
  globalThis.gc?.();
  setImmediate(() => {
    // The first one leaves what was only held by finalizers.
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const { maxRSS } = process.resourceUsage();
    process.send?.({ held: (heapUsed + external) / MEBIBYTE, peak: maxRSS / 1024 });
  });
});
