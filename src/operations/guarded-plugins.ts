import type { ExecutionArgs } from 'graphql';
import { isAsyncIterable, isPromise } from 'graphql-yoga';
import { type GatewayContext, type GatewayPlugin, pathOf } from '../access/gateway-request.ts';
import { Refusal } from '../access/refusal.ts';
import type { Journal } from '../observability/journal.ts';
import { guardStream } from './guarded-stream.ts';

/** Hooks whose promises Yoga and Envelop drop, also phases of `instrumentation`: a rejection would end the process. */
const DROPPED =
  /^(?:on(?:YogaInit|PluginInit|SchemaChange|Enveloped|Parse|Validate|Subscribe(?:Result|Error)|End)|init|parse|validate|context)$/;
const AWAITED = /^(?:on[A-Z]\w+|instrumentation|request)$/;
/** Errors for the client, groups of them, and what a disconnected client causes: they stay as they are. */
const MEANT: ReadonlySet<unknown> = new Set(['GraphQLError', 'AggregateError', 'AbortError']);

const unexpected = new Refusal('INTERNAL_SERVER_ERROR');

/** The first argument of a hook, as far as the guard needs it. */
interface Payload {
  readonly context?: GatewayContext;
  readonly args?: { readonly contextValue?: GatewayContext };
  readonly request?: Request;
}

/** Guards what a hook sets by its payload: a promise may reject, also one in a context or of a function for Yoga. */
function guardSetters<Sent extends Payload>(payload: Sent, guardPlugin: (plugin: object) => object): Sent {
  const quiet = (value: unknown): unknown => {
    if (isPromise(value)) value.catch(() => undefined);
    if (typeof value !== 'function') return value;
    return (...args: unknown[]) => quiet(Reflect.apply(value, undefined, args));
  };
  return new Proxy(payload, {
    get(_payload, key) {
      const value: unknown = Reflect.get(payload, key);
      if (typeof value !== 'function') return value;
      if (key === 'addPlugin')
        return (plugin: object) => Reflect.apply(value, payload, [guardPlugin(plugin)]);
      if (!/^(?:set|extend|replace)[A-Z]/.test(String(key))) return value;
      return (set: unknown, ...others: unknown[]) => {
        if (key === 'extendContext') for (const each of Object.values(Object(set))) quiet(each);
        return Reflect.apply(value, payload, [key === 'extendContext' ? set : quiet(set), ...others]);
      };
    },
  });
}

/**
 * Guards the process against plugins of users. Unexpected errors name the plugin, by its index, and the hook. An operation
 * waits for the promises that its hooks return, and fails with them. Results may be streams that fail in any way.
 *
 * @param routes those of operators, which are answered without any hook
 */
export function guardPlugins(
  plugins: readonly object[],
  { failed }: Pick<Journal, 'failed'>,
  routes: ReadonlyMap<string, unknown>,
): object[] {
  /** The promises that an operation waits for, by its context. */
  const pending = new WeakMap<GatewayContext, Promise<unknown>[]>();
  const waitFor = (context: GatewayContext) => Promise.all(pending.get(context) ?? []);
  const hold = (promise: Promise<unknown>, context?: GatewayContext): void => {
    const held = promise.catch((error: unknown) => {
      const isMeant = context !== undefined && MEANT.has(Object(error).name);
      if (!isMeant) failed(error, { requestId: context?.requestId });
      throw isMeant ? error : unexpected;
    });
    held.catch(() => undefined);
    if (context) pending.set(context, [...(pending.get(context) ?? []), held]);
  };

  const guardPlugin = (plugin: object, index: number): object => {
    const guard = (hook: unknown, name: string, owner?: object): unknown => {
      if (typeof hook !== 'function') return Object(hook) === hook ? guardHooks(Object(hook)) : hook;
      const fail = (cause: unknown): never => {
        throw MEANT.has(Object(cause).name)
          ? cause
          : new Error(`Plugin ${index} failed in ${name}`, { cause });
      };
      return (payload?: Payload, ...others: (() => unknown)[]) => {
        const { args, context = args?.contextValue, request } = payload ?? {};
        if (request && routes.has(pathOf(request.url))) return others[0]?.();
        const sent = payload && guardSetters(payload, (other) => guardPlugin(other, index));
        try {
          const result: unknown = Reflect.apply(hook, owner, [sent, ...others]);
          if (!isPromise(result)) return guard(result, name);
          if (!DROPPED.test(name)) return result.then((returned) => guard(returned, name), fail);
          return hold(result.then(undefined, fail), context);
        } catch (error) {
          return fail(error);
        }
      };
    };
    // Read from the hooks themselves: those of a class are not in a copy, and a proxy may not replace those of a frozen one.
    const guardHooks = (hooks: object): object =>
      new Proxy(
        { ...hooks },
        {
          get(_copy, key) {
            const [name, value]: [string, unknown] = [String(key), Reflect.get(hooks, key)];
            return DROPPED.test(name) || AWAITED.test(name) ? guard(value, name, hooks) : value;
          },
        },
      );
    return guardHooks(plugin);
  };

  const guardResult = <Result, Each>(result: Result | AsyncIterable<Each>, context: GatewayContext) => {
    if (!isAsyncIterable<Each>(result)) return result;
    const closingFailed = (error: unknown): void => failed(error, { requestId: context.requestId });
    return guardStream(result, () => waitFor(context), closingFailed);
  };
  const guardResults: GatewayPlugin = {
    onYogaInit({ yoga }) {
      const { getEnveloped } = yoga;
      // Ahead of Yoga, which sends an error each time that an iterator rejects.
      const guarded = (context: GatewayContext) => {
        const { execute, subscribe, ...enveloped } = getEnveloped(context);
        const guardRun = (run: typeof execute) => async (args: ExecutionArgs) => {
          await waitFor(context);
          return guardResult(await run(args), context);
        };
        return { ...enveloped, execute: guardRun(execute), subscribe: guardRun(subscribe) };
      };
      Object.assign(yoga, { getEnveloped: Object.assign(guarded, getEnveloped) });
    },
    onResultProcess({ result, setResult, serverContext }) {
      setResult(guardResult(result, serverContext));
    },
  };
  return plugins.length === 0 ? [] : [...plugins.map(guardPlugin), guardResults];
}
