// A headless Chromium, as far as a test needs one: it opens a page, waits for what is in it, and presses a button. Over the
// DevTools protocol; nothing is downloaded, and the browser is asked to reach for nothing itself.

import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import WebSocket from "ws";

// The program of this machine; undefined: there is none.
export function findChromium() {
  for (const name of ["chromium-headless-shell", "chromium", "google-chrome"])
    for (const folder of (process.env.PATH ?? "").split(delimiter))
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
  return undefined;
}

export class Chromium {
  #child;
  #folder;
  #socket;
  #session;
  #last = 0;
  #waiting = new Map();

  static async start() {
    const chromium = new Chromium();
    await chromium.#start();
    return chromium;
  }

  async #start() {
    this.#folder = mkdtempSync(join(tmpdir(), "chromium-"));
    this.#child = spawn(
      findChromium(),
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-proxy-server",
        "--remote-debugging-port=0",
        `--user-data-dir=${this.#folder}`,
        "about:blank",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const lines = [];
    for await (const line of createInterface({ input: this.#child.stderr })) {
      lines.push(line);
      const found = line.match(/DevTools listening on (ws:.*)/);
      if (!found) continue;
      this.#child.stderr.resume();
      await this.#connect(found[1]);
      return;
    }
    throw new Error(`the browser did not start: ${lines.join("\n")}`);
  }

  async #connect(url) {
    this.#socket = new WebSocket(url);
    await new Promise((resolve, reject) => this.#socket.once("open", resolve).once("error", reject));
    this.#socket.on("message", (text) => {
      const { id, result, error } = JSON.parse(text);
      const waiting = this.#waiting.get(id);
      if (!waiting) return;
      this.#waiting.delete(id);
      if (error) waiting.reject(new Error(error.message));
      else waiting.resolve(result);
    });
    const { targetId } = await this.#call("Target.createTarget", { url: "about:blank" });
    this.#session = (await this.#call("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  }

  #call(method, params) {
    const id = ++this.#last;
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }));
    return answered;
  }

  open(url) {
    return this.#call("Page.navigate", { url });
  }

  // What the expression comes to in the page as it is now; undefined while it is on its way to another.
  async #evaluate(expression) {
    try {
      const { result } = await this.#call("Runtime.evaluate", { expression, returnByValue: true });
      return result.value;
    } catch {
      return undefined;
    }
  }

  // What the expression comes to, once that is true for whichever page is shown then. The test's own time-out ends the wait.
  async await(expression) {
    for (;;) {
      const value = await this.#evaluate(`(() => { try { return ${expression}; } catch { return undefined; } })()`);
      if (value) return value;
    }
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#socket?.terminate();
    this.#child.kill("SIGKILL");
    await ended;
    this.#child.stderr.destroy();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
