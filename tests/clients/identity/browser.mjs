// A page of another origin, in a real browser: it logs in on the emulator's page and reads the connection, all by CORS.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";

import { EXAMPLE, golden } from "../emulator.mjs";
import { Chromium, findChromium } from "./chromium.mjs";

// A server of the one page, at whatever path.
async function servePage() {
  const page = readFileSync(new URL("page.html", import.meta.url));
  const server = http.createServer((_, answer) => answer.setHeader("Content-Type", "text/html; charset=utf-8").end(page));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

// The page after the user pressed the button that the emulator's page has for it.
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
  const skip = findChromium() ? false : "SKIPPED: no chromium is installed here (Debian: chromium-headless-shell), so NO browser has logged in";
  if (skip) console.log(`# ${skip}`);

  inSandbox(
    "a browser: a user logs in by code and PKCE, and the page of another origin reads the connection",
    async (world, secrets) => {
      const shown = await logInBy('button[name="login_hint"][value="reader"]', world);
      assert.equal(shown.error, undefined);
      for (const secret of [shown.code, shown.verifier, shown.token]) secrets.saw(secret);
      assert.equal(shown.state, "a state");
      assert.equal(shown.status, 200);
      assert.equal(shown.body, golden(200));
    },
    { skip },
  );

  inSandbox(
    "a browser that is stopped has ended, behind a shell that started it, too",
    async () => {
      const chromium = await Chromium.start();
      const id = await chromium.processId();
      await chromium.stop();
      assert.throws(() => process.kill(id, 0), { code: "ESRCH" });
    },
    { skip },
  );
}
