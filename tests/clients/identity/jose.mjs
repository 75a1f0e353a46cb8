// jose, as a service that receives the emulator's tokens uses it: valid tokens verify with the published keys, others do not.

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import assert from "node:assert/strict";

const verify = (world, token, options = {}) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${world.url}/.well-known/openid-configuration/jwks`)), {
    issuer: world.url,
    algorithms: ["RS256"],
    ...options,
  });

const issue = async (world, secrets, properties) => secrets.saw((await world.post("tokens", properties)).token);

export function jose(inSandbox, inDefaultWorld) {
  for (const [where, within] of [["a sandbox", inSandbox], ["the default world", inDefaultWorld]])
    within(`jose: a token verifies with the keys of ${where}`, async (world, secrets) => {
      const { payload, protectedHeader } = await verify(world, await issue(world, secrets, { scopes: ["a", "b"] }));
      assert.equal(protectedHeader.alg, "RS256");
      assert.equal(payload.exp - payload.iat, 3600);
      assert.deepEqual(payload.scope, ["a", "b"]);
    });

  // A defect, the reason of the emulator, and the error code of jose.
  for (const [defect, reason, code] of [
    ["bad-signature", "token-bad-signature", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"],
    ["unknown-key", "token-unknown-key", "ERR_JWKS_NO_MATCHING_KEY"],
    ["alg-none", "token-algorithm", "ERR_JOSE_ALG_NOT_ALLOWED"],
    ["alg-hs256", "token-algorithm", "ERR_JOSE_ALG_NOT_ALLOWED"],
    ["expired", "token-expired", "ERR_JWT_EXPIRED"],
    ["not-yet-valid", "token-not-yet-valid", "ERR_JWT_CLAIM_VALIDATION_FAILED"],
    ["wrong-issuer", "token-wrong-issuer", "ERR_JWT_CLAIM_VALIDATION_FAILED"],
    ["bad-claims", "token-bad-claims", "ERR_JWT_CLAIM_VALIDATION_FAILED"],
    ["truncated", "token-malformed", "ERR_JWS_INVALID"],
  ])
    inSandbox(`jose: ${defect} is refused by both`, async (world, secrets) => {
      const token = await issue(world, secrets, { defect });
      await assert.rejects(verify(world, token), { code });
      const answer = await world.connection(undefined, { token });
      assert.equal(answer.status, 401);
      assert.equal(answer.header("x-emulator-reason"), reason);
    });

  inSandbox("jose: a token for another audience is refused by both", async (world, secrets) => {
    const token = await issue(world, secrets, { defect: "wrong-audience" });
    await assert.rejects(verify(world, token, { audience: world.url }), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED" });
    const answer = await world.connection(undefined, { token });
    assert.equal(answer.header("x-emulator-reason"), "token-wrong-audience");
  });

  inSandbox("jose: a token names its key", async (world, secrets) => {
    const token = await issue(world, secrets, {});
    const { keys } = (await world.ask("/.well-known/openid-configuration/jwks")).json;
    assert.equal(decodeProtectedHeader(token).kid, keys[0].kid);
    assert.equal(decodeJwt(token).iss, world.url);
  });
}
