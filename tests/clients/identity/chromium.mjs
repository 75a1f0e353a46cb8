// A headless Chromium for a test: opens a page, waits for an expression in it, clicks a button. By the DevTools protocol;
// nothing is downloaded, and the flags keep the browser from making requests of its own.

import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { StringDecoder } from "node:string_decoder";

// The path of the program; undefined: not installed.
export function findChromium() {
  for (const name of ["chromium-headless-shell", "chromium", "google-chrome"])
    for (const folder of (process.env.PATH ?? "").split(delimiter))
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not in this folder
      }
  return undefined;
}

export class Chromium {
  #child;
  #folder;
  #to;
  #from;
  #ended;
  #failure; // the error of every further call
  #session;
  #last = 0;
  #waiting = new Map();

  static async start() {
    const chromium = new Chromium();
    try {
      await chromium.#start();
    } catch (failure) {
      await chromium.stop();
      throw failure;
    }
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
        "--remote-debugging-pipe",
        `--user-data-dir=${this.#folder}`,
        "about:blank",
      ],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    [, , , this.#to, this.#from] = this.#child.stdio;
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve).once("error", resolve));
    this.#ended.then(() => this.#failAll("the browser has ended"));
    this.#to.on("error", () => {}); // the browser has ended; reported above
    this.#listen();
    const { targetId } = await this.#call("Target.createTarget", { url: "about:blank" });
    this.#session = (await this.#call("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  }

  // A message ends with a zero byte.
  #listen() {
    const decoder = new StringDecoder("utf8");
    let text = "";
    this.#from.on("data", (bytes) => {
      const messages = (text + decoder.write(bytes)).split("\0");
      text = messages.pop();
      for (const message of messages) this.#take(JSON.parse(message));
    });
  }

  #take({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }

  #failAll(why) {
    this.#failure = new Error(why);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  async #call(method, params, sessionId) {
    if (this.#failure) throw this.#failure;
    const id = ++this.#last;
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#to.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return answered;
  }

  // The id of the browser process itself, not of a shell that started it.
  async processId() {
    const { processInfo } = await this.#call("SystemInfo.getProcessInfo");
    return processInfo.find(({ type }) => type === "browser").id;
  }

  open(url) {
    return this.#call("Page.navigate", { url }, this.#session);
  }

  // The value of the expression in the present page; undefined during a navigation.
  async #evaluate(expression) {
    try {
      const { result } = await this.#call("Runtime.evaluate", { expression, returnByValue: true }, this.#session);
      return result.value;
    } catch {
      if (this.#failure) throw this.#failure;
      return undefined;
    }
  }

  // Waits until the expression is truthy in the shown page, and resolves to its value. The test's time-out ends the wait.
  async await(expression) {
    for (;;) {
      const value = await this.#evaluate(`(() => { try { return ${expression}; } catch { return undefined; } })()`);
      if (value) return value;
    }
  }

  // Closing the pipe ends the browser, also when this process is killed. Killing the child is not enough: on Debian it is a
  // shell that waits for the browser.
  async stop() {
    this.#to.end();
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
