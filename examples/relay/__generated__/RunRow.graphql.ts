/**
 * @generated SignedSource<<e5d88e16ba6cebc5a921d1ac8d87d3c5>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
export type RunStatus = "CANCELLED" | "COMPLETED" | "CREATED" | "FAILED" | "RUNNING" | "UNRECOGNIZED" | "%future added value";
import type { FragmentRefs } from "relay-runtime";
export type RunRow$data = {
  readonly createdAt: string;
  readonly id: string;
  readonly status: RunStatus;
  readonly " $fragmentType": "RunRow";
};
export type RunRow$key = {
  readonly " $data"?: RunRow$data;
  readonly " $fragmentSpreads": FragmentRefs<"RunRow">;
};

import RunQuery_graphql from './RunQuery.graphql';

const node: ReaderFragment = {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": {
    "refetch": {
      "connection": null,
      "fragmentPathInResult": [
        "node"
      ],
      "operation": RunQuery_graphql,
      "identifierInfo": {
        "identifierField": "id",
        "identifierQueryVariableName": "id"
      }
    }
  },
  "name": "RunRow",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "id",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "status",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "createdAt",
      "storageKey": null
    }
  ],
  "type": "Run",
  "abstractKey": null
};

(node as any).hash = "1a9a31754a21504eb3fba23c97f37387";

export default node;
