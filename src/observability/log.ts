/** The levels of lines, least first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A structured logger, in the shape of pino's methods. */
export type Log = Readonly<Record<LogLevel, (fields: object, message: string) => void>>;

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Returns a log without the lines below a level. */
export function fromLevel(log: Log, level: LogLevel): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const methodOf = (each: LogLevel): Log[LogLevel] =>
    LOG_LEVELS.indexOf(each) < lowest ? silentLog[each] : (fields, message) => log[each](fields, message);
  const entries = LOG_LEVELS.map((each) => [each, methodOf(each)]);
  return Object.fromEntries(entries);
}
