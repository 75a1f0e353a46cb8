// The emulator that all cases share, and a sandbox of it for each.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";

// Sanitizers and busy machines are slow; a guard is for what hangs.
export const GUARD = 120_000 * Number(process.env.EMULATOR_TEST_PATIENCE ?? 1); // milliseconds

export const EXAMPLE = "fc226d0d-1647-48d7-8c11-f1f74f2d9808"; // the connection of the page's example
export const EXAMPLE_TOKEN = "reader-token";

// The page's own body of a status.
export function golden(status) {
  return readFileSync(new URL(`../golden/get-export-connection/${status}.json`, import.meta.url), "utf8");
}

// The emulator beside which `export-emulator exec` runs the suite. Else the program that
// EXPORT_EMULATOR_PROGRAM names, once it serves; it sees no setting of the caller's.
export function startEmulator() {
  const url = process.env.EXPORT_EMULATOR_URL;
  if (url) return new Emulator(url, { kill() {} }, 0);
  return startOwnEmulator();
}

// With `log`, a format, its standard error is kept for log().
export async function startOwnEmulator({ log } = {}) {
  const program = process.env.EXPORT_EMULATOR_PROGRAM;
  assert.ok(program, "EXPORT_EMULATOR_PROGRAM must name the export-emulator");
  const variables = Object.entries(process.env).filter(([name]) => !/^(EXPORT_EMULATOR_.*|PORT)$/.test(name));
  const child = spawn(program, ["--port", "0", "--log", log ?? "off", "--self-check"], {
    stdio: ["ignore", "pipe", log ? "pipe" : "inherit"],
    env: Object.fromEntries(variables),
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const told = child.stderr && new Promise((resolve) => child.stderr.once("end", resolve));
  const ended = Promise.all([exited, told]).then(([code]) => {
    child.stdout.destroy(); // nobody reads it to its end, and Node would wait for that
    return code;
  });
  const { value: line, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  assert.ok(!done, "the emulator ended before it was ready");
  return new Emulator(JSON.parse(line).url, child, ended);
}

class Emulator {
  #child;
  #ended;
  #log = "";

  constructor(url, child, ended) {
    this.url = url;
    this.#child = child;
    this.#ended = ended;
    child.stderr?.setEncoding("utf8").on("data", (text) => (this.#log += text));
  }

  // What it has logged; complete once it has stopped.
  log() {
    return this.#log;
  }

  // The default one.
  world() {
    return new World(this.url);
  }
  sandbox(name) {
    return new World(`${this.url}/_sandbox/${name}`);
  }

  // The World of the header: the same base URL for all.
  sandboxByHeader(name) {
    return new World(this.url, { "X-Emulator-Sandbox": name });
  }

  // Its exit code.
  stop() {
    agent.destroy();
    this.#child.kill();
    return this.#ended;
  }
}

// All cases share these: hundreds that connect at once would be a test of the machine.
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// A World as its base URL, and calls to both of its faces.
class World {
  #headers;

  constructor(url, headers = {}) {
    this.url = url;
    this.#headers = headers;
  }

  // Rejected, when the connection breaks before the whole answer is there.
  ask(path, { method = "GET", headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const settings = { method, headers: { ...this.#headers, ...headers }, agent };
      const request = http.request(this.url + path, settings, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part) => (text += part));
        answer.on("end", () => resolve(new Answer(answer, text)));
        answer.on("error", reject);
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  // The vendor's operation. `token: null` sends none.
  connection(id = EXAMPLE, { token = EXAMPLE_TOKEN, headers = {}, method } = {}) {
    const credentials = token === null ? {} : { Authorization: `Bearer ${token}` };
    return this.ask(`/export/connections/${id}`, { method, headers: { ...credentials, ...headers } });
  }

  // The statuses of so many calls, one after the other.
  async statuses(count, ...call) {
    const statuses = [];
    for (let i = 0; i < count; ++i) statuses.push((await this.connection(...call)).status);
    return statuses;
  }

  // A call to /_emulator, whatever comes of it.
  control(method, path, body) {
    return this.ask(`/_emulator/${path}`, { method, body: JSON.stringify(body) });
  }

  // Calls to /_emulator that must succeed, and what they answer.
  async #succeed(method, path, body) {
    const answer = await this.control(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path} is ${answer.status}: ${answer.text}`);
    return answer.text && answer.json;
  }
  read(path) {
    return this.#succeed("GET", path);
  }
  put(path, body) {
    return this.#succeed("PUT", path, body);
  }
  post(path, body) {
    return this.#succeed("POST", path, body);
  }
  delete(path) {
    return this.#succeed("DELETE", path);
  }

  // The clock stands still at `time` (ISO 8601, or milliseconds).
  freeze(time) {
    return this.put("clock", { now: new Date(time).toISOString(), frozen: true });
  }
  advance(seconds) {
    return this.post("clock/advance", { seconds });
  }
  fault(fault) {
    return this.post("faults", fault);
  }
  reset() {
    return this.post("reset");
  }
}

class Answer {
  #headers;

  constructor({ statusCode, headers }, text) {
    this.status = statusCode;
    this.text = text;
    this.#headers = headers;
  }
  get json() {
    return JSON.parse(this.text);
  }
  // Undefined, when it is not there.
  header(name) {
    return this.#headers[name.toLowerCase()];
  }
  get retryAfter() {
    return this.header("retry-after");
  }
}

// A refusal in the vendor's envelope. `target`: what of the request it is about; of the control API alone.
export function assertRefused(answer, status, code, target) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.header("content-type"), "application/json");
  const { error } = answer.json;
  assert.equal(error.code, code);
  assert.ok(error.message.length > 10, error.message);
  assert.equal(error.target, target);
}
