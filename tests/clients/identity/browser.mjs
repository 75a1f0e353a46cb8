// In a real browser, a page of another origin logs in on the emulator's page and reads a connection by CORS.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";

import { EXAMPLE, golden } from "../emulator.mjs";
import { Chromium, findChromium } from "./chromium.mjs";

// A server of the one page, at every path.
async function servePage() {
  const page = readFileSync(new URL("page.html", import.meta.url));
  const server = http.createServer((_, answer) => answer.setHeader("Content-Type", "text/html; charset=utf-8").end(page));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

// The result of the page after a click on this button of the emulator's page.
async function logInBy(button, world) {
  const chromium = await Chromium.start();
  const server = await servePage();
  try {
    const origin = `http://127.0.0.1:${server.address().port}`;
    assert.notEqual(origin, new URL(world.url).origin);
    await chromium.open(`${origin}/?${new URLSearchParams({ issuer: world.url, connection: EXAMPLE })}`);
    await chromium.await(`document.title.startsWith("Log in") && (document.querySelector('${button}').click(), true)`);
    const text = await chromium.await(`location.origin === "${origin}" && document.title === "done" && document.querySelector("output").textContent`);
    return JSON.parse(text);
  } finally {
    await chromium.stop();
    server.close();
  }
}

export function browser(inSandbox) {
  const skip = findChromium() ? false : "SKIPPED: chromium is not installed (Debian: chromium-headless-shell), so NO browser has logged in";
  if (skip) console.log(`# ${skip}`);

  inSandbox(
    "a browser: a user logs in by code and PKCE, and the page of another origin reads the connection",
    async (world, secrets) => {
      const result = await logInBy('button[name="login_hint"][value="reader"]', world);
      assert.equal(result.error, undefined);
      for (const secret of [result.code, result.verifier, result.token]) secrets.saw(secret);
      assert.equal(result.state, "a state");
      assert.equal(result.status, 200);
      assert.equal(result.body, golden(200));
    },
    { skip },
  );

  inSandbox(
    "stop() ends the browser, also behind a shell that started it",
    async () => {
      const chromium = await Chromium.start();
      const id = await chromium.processId();
      await chromium.stop();
      assert.throws(() => process.kill(id, 0), { code: "ESRCH" });
    },
    { skip },
  );
}
