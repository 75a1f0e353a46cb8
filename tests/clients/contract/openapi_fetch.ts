// A client of openapi-fetch, with the types that openapi-typescript generated from the contract.

import createClient from "openapi-fetch";

import type { components, paths } from "./openapi_typescript";

type Schemas = components["schemas"];

export function openapiFetch(baseUrl: string, token: string) {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
  return {
    createConnection: (body: Schemas["NewConnection"]) => client.POST("/export/connections", { body }),
    connections: (query: { imodelId: string; $top?: number; $skip?: number }) => client.GET("/export/connections", { params: { query } }),
    connection: (connectionId: string) => client.GET("/export/connections/{connectionId}", { params: { path: { connectionId } } }),
    deleteConnection: (connectionId: string) => client.DELETE("/export/connections/{connectionId}", { params: { path: { connectionId } } }),
    startRun: (connectionId: string, body: Schemas["NewRun"]) =>
      client.POST("/export/connections/{connectionId}/runs", { params: { path: { connectionId } }, body }),
    runs: (connectionId: string) => client.GET("/export/connections/{connectionId}/runs", { params: { path: { connectionId } } }),
    run: (connectionId: string, runId: string) =>
      client.GET("/export/connections/{connectionId}/runs/{runId}", { params: { path: { connectionId, runId } } }),
    authorization: (redirectUrl: string) => client.GET("/export/authorizationinformation", { params: { query: { redirectUrl } } }),
  };
}
