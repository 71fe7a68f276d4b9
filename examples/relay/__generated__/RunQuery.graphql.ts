/**
 * @generated SignedSource<<39b28a89d099f18346468a9fa1c4d5a3>>
 * @relayHash c74f5928708f6c94d9128436e61cba01
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID b22c216666b591a91dc8955dd3bcd0f7564a183080ec6b4923002df207d4e48a

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type RunQuery$variables = {
  id: string;
};
export type RunQuery$data = {
  readonly node: {
    readonly " $fragmentSpreads": FragmentRefs<"RunRow">;
  } | null | undefined;
};
export type RunQuery = {
  response: RunQuery$data;
  variables: RunQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "id",
    "variableName": "id"
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "RunQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "args": null,
            "kind": "FragmentSpread",
            "name": "RunRow"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "RunQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "node",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "kind": "InlineFragment",
            "selections": [
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
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "c74f5928708f6c94d9128436e61cba01",
    "id": "b22c216666b591a91dc8955dd3bcd0f7564a183080ec6b4923002df207d4e48a",
    "metadata": {},
    "name": "RunQuery",
    "operationKind": "query",
    "text": "query RunQuery(\n  $id: ID!\n) {\n  node(id: $id) {\n    __typename\n    ...RunRow\n    id\n  }\n}\n\nfragment RunRow on Run {\n  id\n  status\n  createdAt\n}\n"
  }
};
})();

(node as any).hash = "1a9a31754a21504eb3fba23c97f37387";

export default node;
