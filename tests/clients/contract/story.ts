// Uses of a generated client; each is a case of suite.test.mjs in its own sandbox. No cast is needed: answers have the types of
// the contract.

import assert from "node:assert/strict";

import type { heyApi } from "./hey_api";
import type { openapiFetch } from "./openapi_fetch";

type Connect = typeof heyApi | typeof openapiFetch;

// World of ../emulator.mjs.
interface World {
  url: string;
  freeze(time: string): Promise<unknown>;
  advance(seconds: number): Promise<unknown>;
}

const EXAMPLE = "fc226d0d-1647-48d7-8c11-f1f74f2d9808"; // the connection of the vendor's example
const IMODEL = "a0471655-6b18-419e-ab01-ebf4fbff9dff";

export const cases: Record<string, (connect: Connect, world: World) => Promise<void>> = {
  "a connection": async (connect, world) => {
    const { data, response } = await connect(world.url, "reader-token").connection(EXAMPLE);
    assert.equal(response.status, 200);
    const { id, displayName, authenticationType, _links } = data!.connection;
    assert.deepEqual([id, displayName, authenticationType], [EXAMPLE, "30", "User"]);
    assert.match(_links!.lastRun!.href, /\/runs\/de626d0d-/);
    // @ts-expect-error: the contract has no such member
    assert.equal(data!.connection.name, undefined);
  },

  "a 404, 401, 403 and 422 with code and message": async (connect, world) => {
    const client = connect(world.url, "reader-token");
    for (const [{ data, error, response }, status, code] of [
      [await client.connection("no-such-connection"), 404, "ConnectionNotFound"],
      [await connect(world.url, "expired-token").connection(EXAMPLE), 401, "Unauthorized"],
      [await client.connection("private-connection"), 403, "InsufficientPermissions"],
      [await client.connections({ imodelId: IMODEL, $top: -1 }), 422, "InvalidExportConnectionRequest"],
    ] as const) {
      assert.equal(response.status, status);
      assert.equal(data, undefined);
      assert.equal(error!.error.code, code);
      assert.ok(error!.error.message.length > 10);
      assert.equal(error!.error.details?.[0]?.target, status === 422 ? "$top" : undefined);
    }
  },

  "a run with an unknown export type does not compile and is refused": async (connect, world) => {
    // @ts-expect-error
    const { error } = await connect(world.url, "writer-token").startRun("service-connection", { exportType: "DWG" });
    assert.equal(error!.error.details![0]!.target, "exportType");
    // @ts-expect-error
    assert.equal(error!.error.reason, undefined);
  },

  "a 429 with retry-after": async (connect, world) => {
    const { error, response } = await connect(world.url, "throttled-token").connection(EXAMPLE);
    assert.equal(response.status, 429);
    assert.equal(error!.error.code, "TooManyRequests");
    assert.match(response.headers.get("retry-after")!, /^[1-9][0-9]*$/);
  },

  "a list by pages of $top and $skip": async (connect, world) => {
    const client = connect(world.url, "writer-token");
    const existing = "VRZHoBhrnkGrAev0-_-d_xwvyrzjgaVGka5wU967Q7M"; // a connection of this iModel in the fixtures
    const ids = [existing];
    for (const displayName of ["first", "second", "third"])
      ids.push((await client.createConnection({ iModelId: IMODEL, displayName })).data!.connection.id);
    const listed: string[] = [];
    for (let more = true; more; ) {
      const { connections, _links } = (await client.connections({ imodelId: IMODEL, $top: 2, $skip: listed.length })).data!;
      listed.push(...connections.map(({ id }) => id));
      assert.equal(connections.length, 2);
      more = _links.next !== undefined;
    }
    assert.deepEqual(listed.sort(), ids.sort());
  },

  "a connection that is created, run, read, listed and deleted": async (connect, world) => {
    await world.freeze("2030-01-01T00:00:00Z");
    const client = connect(world.url, "writer-token");
    const created = await client.createConnection({ iModelId: IMODEL, displayName: "mine", authenticationType: "User" });
    assert.equal(created.response.status, 201);
    const { id } = created.data!.connection;

    const started = await client.startRun(id, { exportType: "IFC", ifcVersion: "IFC4.3" });
    assert.equal(started.response.status, 202);
    const url = started.response.headers.get("location")!;
    const again = await client.startRun(id, { exportType: "IFC" }); // a 303, which fetch follows to the run
    assert.deepEqual([again.response.status, again.response.redirected, again.response.url], [200, true, url]);
    const busy = await client.deleteConnection(id);
    assert.deepEqual([busy.response.status, busy.error!.error.code], [409, "ConnectionAlreadyInUse"]);

    const states: string[] = [];
    for (let over = false; !over; await world.advance(5)) {
      const { state, result } = (await client.run(id, url.split("/").pop()!)).data!.run;
      states.push(`${state} ${result}`);
      over = state === "Completed";
    }
    assert.deepEqual(states, ["Queued Undetermined", "Executing Undetermined", "Completed Success"]);

    const { runs } = (await client.runs(id)).data!;
    assert.deepEqual(runs.map(({ result, endDateTime }) => [result, endDateTime]), [["Success", "2030-01-01T00:00:10Z"]]);
    assert.equal((await client.deleteConnection(id)).response.status, 204);
    assert.equal((await client.connection(id)).response.status, 404);
  },

  "the authorization information": async (connect, world) => {
    const { data } = await connect(world.url, "newcomer-token").authorization("https://a.example");
    assert.equal(data!.authorizationInformation.isUserAuthorized, false);
    assert.match(data!.authorizationInformation._links!.authorizationUrl!.href, /redirect_url=/i);
  },
};
