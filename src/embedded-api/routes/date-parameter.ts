import { type Parameter, scalar } from './query-parameters.ts';

/** Microseconds since the epoch. */
type Micros = bigint;

const SECOND = 1_000_000n;
/** A number up to this size counts seconds, a larger one milliseconds. */
const MAX_SECONDS = 20_000_000_000n;
const END_OF_9999: Micros = 253_402_300_800n * SECOND;
const START_OF_1: Micros = -62_135_596_800n * SECOND;
const START_OF_0: Micros = -62_167_219_200n * SECOND;
const MIN_INT64 = -(2n ** 63n);

const WHOLE = /^[+-]?\d{1,19}$/;
const DECIMAL = /^([+-]?\d+)\.(\d*)$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)/;
/** Behind the date: digits beyond microseconds are cut, and the sign may be a minus of typographers. */
const TIME =
  /^[Tt _](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:[.,](?<fraction>\d+))?)?(?<zone>[Zz]|[+\u2212-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;

/**
 * A date or date-time, parsed like FastAPI with Pydantic's lax mode: without a time it is midnight, without a zone it
 * is UTC, and a number is a Unix time. What it names may lie outside of the years that PostgreSQL's driver takes.
 */
export const dateTime: Parameter<Micros> = {
  read(query, name, errors) {
    const input = scalar(query, name);
    if (input === undefined) return undefined;
    const found = unixTime(input) ?? calendarTime(input);
    if (typeof found === 'bigint') return found;
    const { type, expected } = KINDS[found === YEAR_0 ? 'time' : 'date'];
    errors.push({ type, name, msg: `Input should be ${expected}, ${found}`, input, ctx: { error: found } });
    return undefined;
  },
};

const YEAR_0 = 'year 0 is out of range';
const KINDS = {
  time: { type: 'datetime_parsing', expected: 'a valid datetime' },
  date: { type: 'datetime_from_date_parsing', expected: 'a valid datetime or date' },
} as const;

/** Returns the time that a number stands for, a problem in Pydantic's words, or undefined if it isn't one. */
function unixTime(input: string): Micros | string | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(input) ?? [];
  const digits = whole ?? (WHOLE.test(input) ? input : undefined);
  if (digits === undefined) return undefined;
  const number = BigInt(digits.replace(/^\+/, ''));
  if (whole === undefined && BigInt.asIntN(64, number) !== number) return undefined;
  const size = number < 0n ? -number : number;
  const unit = size > MAX_SECONDS ? SECOND / 1000n : SECOND;
  const rest = BigInt(Math.round(Number(`0.${fraction}`) * Number(unit)));
  const micros = number * unit + (digits.startsWith('-') ? -rest : rest);
  const isWhole = whole === undefined;
  if (micros >= END_OF_9999) return isWhole ? beyond('after 9999') : END_OF_9999 - 1n;
  if (micros >= START_OF_1) return micros;
  if (micros >= START_OF_0) return YEAR_0;
  // Pydantic tells more only of whole numbers.
  return isWhole && number > MIN_INT64 ? beyond('before 0000') : 'invalid character in year';
}

function beyond(where: string): string {
  return `dates ${where} are not supported as unix timestamps`;
}

function calendarTime(input: string): Micros | string {
  const problem = dateProblem(input);
  if (problem !== undefined) return problem;
  const date = input.slice(0, 10);
  const time = TIME.exec(input.slice(10))?.groups;
  if (input.length > 10 && time === undefined) return 'unexpected extra characters at the end of the input';
  if (date.startsWith('0000')) return YEAR_0;
  const { hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z' } = time ?? {};
  const millis = BigInt(Date.parse(`${date}T${hour}:${minute}:${second}Z`));
  return millis * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0')) - offset(zone);
}

/** The microseconds by which the clocks of a zone are ahead. */
function offset(zone: string): Micros {
  const [, sign, hours = '0', minutes = '0'] = /^(.)(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const size = BigInt(Number(hours) * 60 + Number(minutes)) * 60n * SECOND;
  return sign === '+' ? size : -size;
}

/** What is wrong with the date at the beginning, in Pydantic's words. */
function dateProblem(input: string): string | undefined {
  if (Buffer.byteLength(input) < 10) return 'input is too short';
  if (!/^\d{4}/.test(input)) return 'invalid character in year';
  if (input[4] !== '-') return 'invalid date separator, expected `-`';
  if (!/^\d\d$/.test(input.slice(5, 7))) return 'invalid character in month';
  if (input[7] !== '-') return 'invalid date separator, expected `-`';
  const [, year, month, day] = DATE.exec(input) ?? [];
  if (day === undefined) return 'invalid character in day';
  if (Number(month) < 1 || Number(month) > 12) return 'month value is outside expected range of 1-12';
  const days = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(day) < 1 || Number(day) > days ? 'day value is outside expected range' : undefined;
}
