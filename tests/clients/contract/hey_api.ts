// A client that @hey-api/openapi-ts generated from the contract: a function for each operation.

import * as api from "./hey_api_client";
import { createClient } from "./hey_api_client/client";

export function heyApi(baseUrl: string, token: string) {
  const client = createClient({ baseUrl, auth: token });
  return {
    createConnection: (body: api.NewConnection) => api.createExportConnection({ client, body }),
    connections: (query: { imodelId: string; $top?: number; $skip?: number }) => api.getExportConnections({ client, query }),
    connection: (connectionId: string) => api.getExportConnection({ client, path: { connectionId } }),
    deleteConnection: (connectionId: string) => api.deleteExportConnection({ client, path: { connectionId } }),
    startRun: (connectionId: string, body: api.NewRun) => api.createExportConnectionRun({ client, path: { connectionId }, body }),
    runs: (connectionId: string) => api.getExportConnectionRuns({ client, path: { connectionId } }),
    run: (connectionId: string, runId: string) => api.getExportConnectionRun({ client, path: { connectionId, runId } }),
    authorization: (redirectUrl: string) => api.getAuthorizationInformation({ client, query: { redirectUrl } }),
  };
}
