import type { Plugin } from 'graphql-yoga';

/** Creates a plugin that changes nothing, and the names of its hooks in the order in which they ran; these may be emptied. */
export function createRecordingPlugin(): { readonly plugin: Plugin; readonly hooks: string[] } {
  const hooks: string[] = [];
  const note = (name: string, result?: unknown) => () => {
    hooks.push(name);
    return result;
  };
  const onSubscribeResult = note('onSubscribeResult', { onNext: note('onNext'), onEnd: note('onEnd') });
  const plugin = {
    ...Object.fromEntries(PLAIN.map((name) => [name, note(name)])),
    onRequestParse: note('onRequestParse', { onRequestParseDone: note('onRequestParseDone') }),
    onParse: note('onParse', note('onParseDone')),
    onValidate: note('onValidate', note('onValidateDone')),
    onContextBuilding: note('onContextBuilding', note('onContextBuildingDone')),
    onExecute: note('onExecute', { onExecuteDone: note('onExecuteDone') }),
    onSubscribe: note('onSubscribe', { onSubscribeResult }),
  };
  return { plugin: plugin as Plugin, hooks };
}

/** Hooks that return no others. */
const PLAIN =
  'onYogaInit onPluginInit onSchemaChange onEnveloped onRequest onParams onExecutionResult onResultProcess onResponse onDispose'.split(
    ' ',
  );
