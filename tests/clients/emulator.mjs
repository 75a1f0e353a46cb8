// The emulator that all cases share, with a sandbox for each case.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";

// The time-out of a case. It is long, because sanitizers and busy machines are slow.
export const GUARD = 120_000 * Number(process.env.EMULATOR_TEST_PATIENCE ?? 1); // milliseconds

export const EXAMPLE = "fc226d0d-1647-48d7-8c11-f1f74f2d9808"; // the connection of the page's example
export const EXAMPLE_TOKEN = "reader-token";

// The body that the vendor's page documents for a status.
export function golden(status) {
  return readFileSync(new URL(`../golden/get-export-connection/${status}.json`, import.meta.url), "utf8");
}

// The emulator of `export-emulator exec`, which runs the suite. Else starts the program that
// EXPORT_EMULATOR_PROGRAM names, without the settings of the caller's environment.
export function startEmulator() {
  const url = process.env.EXPORT_EMULATOR_URL;
  if (url) return new Emulator(url, { kill() {} }, 0);
  return startOwnEmulator();
}

// `log`: a log format; log() then returns the standard error.
export async function startOwnEmulator({ log } = {}) {
  const program = process.env.EXPORT_EMULATOR_PROGRAM;
  assert.ok(program, "EXPORT_EMULATOR_PROGRAM must name the export-emulator");
  const variables = Object.entries(process.env).filter(([name]) => !/^(EXPORT_EMULATOR_.*|PORT)$/.test(name));
  const child = spawn(program, ["--port", "0", "--log", log ?? "off", "--self-check"], {
    stdio: ["ignore", "pipe", log ? "pipe" : "inherit"],
    env: Object.fromEntries(variables),
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const closed = child.stderr && new Promise((resolve) => child.stderr.once("end", resolve));
  const ended = Promise.all([exited, closed]).then(([code]) => {
    child.stdout.destroy(); // not read to its end; Node would wait for it
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

  // The log so far; complete after stop().
  log() {
    return this.#log;
  }

  // The default world.
  world() {
    return new World(this.url);
  }
  sandbox(name) {
    return new World(`${this.url}/_sandbox/${name}`);
  }

  // A sandbox chosen by the header; its base URL is that of the default world.
  sandboxByHeader(name) {
    return new World(this.url, { "X-Emulator-Sandbox": name });
  }

  // Resolves to the exit code.
  stop() {
    agent.destroy();
    this.#child.kill();
    return this.#ended;
  }
}

// All cases share these connections: hundreds of new connections at once would test the machine.
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// A world: its base URL, calls to the vendor's API and control calls.
class World {
  #headers;

  constructor(url, headers = {}) {
    this.url = url;
    this.#headers = headers;
  }

  // Rejects if the connection breaks before the answer is complete.
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

  // GET of a connection, by the vendor's API. `token: null` sends no token.
  connection(id = EXAMPLE, { token = EXAMPLE_TOKEN, headers = {}, method } = {}) {
    const credentials = token === null ? {} : { Authorization: `Bearer ${token}` };
    return this.ask(`/export/connections/${id}`, { method, headers: { ...credentials, ...headers } });
  }

  // The statuses of `count` calls in sequence.
  async statuses(count, ...call) {
    const statuses = [];
    for (let i = 0; i < count; ++i) statuses.push((await this.connection(...call)).status);
    return statuses;
  }

  // A control call, with any result.
  control(method, path, body) {
    return this.ask(`/_emulator/${path}`, { method, body: JSON.stringify(body) });
  }

  // A control call that must succeed; resolves to its body.
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

  // Freezes the clock at `time` (ISO 8601, or milliseconds).
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
  // Undefined if absent.
  header(name) {
    return this.#headers[name.toLowerCase()];
  }
  get retryAfter() {
    return this.header("retry-after");
  }
}

// Asserts a refusal in the vendor's envelope. `target`: the part of the request at fault (control API only).
export function assertRefused(answer, status, code, target) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.header("content-type"), "application/json");
  const { error } = answer.json;
  assert.equal(error.code, code);
  assert.ok(error.message.length > 10, error.message);
  assert.equal(error.target, target);
}
