// What the cases saw and nobody else may: tokens, codes, verifiers, passwords.

import assert from "node:assert/strict";

export class Secrets {
  #seen = new Set(["service-app-secret"]);

  // Remembers it, and gives it back. A JWT's signature alone is a secret, too.
  saw(secret) {
    assert.ok(secret?.length > 8, `"${secret}" is no secret`);
    this.#seen.add(secret);
    const signature = secret.split(".")[2];
    if (signature) this.#seen.add(signature);
    return secret;
  }

  get count() {
    return this.#seen.size;
  }

  assertNowhereIn(text) {
    for (const secret of this.#seen) {
      const at = text.indexOf(secret);
      assert.equal(at, -1, `a secret is told: …${text.slice(Math.max(0, at - 300), at)}`);
    }
  }
}
