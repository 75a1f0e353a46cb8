// The secrets of the cases: tokens, codes, verifiers, passwords.

import assert from "node:assert/strict";

export class Secrets {
  #seen = new Set(["service-app-secret"]);

  // Records the secret and returns it. The signature of a JWT is a secret by itself.
  saw(secret) {
    assert.ok(secret?.length > 8, `"${secret}" is not a secret`);
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
      assert.equal(at, -1, `a secret is in the text: …${text.slice(Math.max(0, at - 300), at)}`);
    }
  }
}
