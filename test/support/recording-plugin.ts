import type { Plugin } from 'graphql-yoga';

/** A plugin, and the names of its hooks in the order in which they ran. */
export interface RecordingPlugin {
  readonly plugin: Plugin;
  /** May be emptied. */
  readonly hooks: string[];
}

/** Creates a plugin that has every hook of Yoga and Envelop, and changes nothing. */
export function createRecordingPlugin(): RecordingPlugin {
  const hooks: string[] = [];
  const note = (name: string): void => void hooks.push(name);
  const around =
    (name: string) =>
    <Result>(_payload: unknown, wrapped: () => Result): Result => {
      note(`instrumentation.${name}`);
      return wrapped();
    };
  const plugin: Plugin = {
    onYogaInit: () => note('onYogaInit'),
    onPluginInit: () => note('onPluginInit'),
    onSchemaChange: () => note('onSchemaChange'),
    onEnveloped: () => note('onEnveloped'),
    onRequest: () => note('onRequest'),
    onRequestParse() {
      note('onRequestParse');
      return { onRequestParseDone: () => note('onRequestParseDone') };
    },
    onParams: () => note('onParams'),
    onParse() {
      note('onParse');
      return () => note('onParseDone');
    },
    onValidate() {
      note('onValidate');
      return () => note('onValidateDone');
    },
    onContextBuilding() {
      note('onContextBuilding');
      return () => note('onContextBuildingDone');
    },
    onExecute() {
      note('onExecute');
      return { onExecuteDone: () => note('onExecuteDone') };
    },
    onSubscribe() {
      note('onSubscribe');
      return {
        onSubscribeResult() {
          note('onSubscribeResult');
          return { onNext: () => note('onNext'), onEnd: () => note('onEnd') };
        },
        onSubscribeError: () => note('onSubscribeError'),
      };
    },
    onExecutionResult: () => note('onExecutionResult'),
    onResultProcess: () => note('onResultProcess'),
    onResponse: () => note('onResponse'),
    onDispose: () => note('onDispose'),
    instrumentation: {
      request: around('request'),
      requestParse: around('requestParse'),
      operation: around('operation'),
      init: around('init'),
      parse: around('parse'),
      validate: around('validate'),
      context: around('context'),
      execute: around('execute'),
      subscribe: around('subscribe'),
      resultProcess: around('resultProcess'),
    },
  };
  return { plugin, hooks };
}
