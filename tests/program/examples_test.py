#!/usr/bin/env python3
"""Checks the recipes of examples/ against the program: their requests, arguments and variables.

No container engine is needed. If docker compose, npm with its registry, or a docker daemon is available, it checks
the recipes too; otherwise the test is skipped with a reason.
"""

import json
import re
import shutil
import subprocess
import unittest

import yaml

import program
from program import GUARD, ROOT, Case, environment, run

EXAMPLES = ROOT / "examples"
URL = re.compile(r"(?:http://[a-z-]+:8080|\$EXPORT_API_URL)(/[\w./-]*)")


def documents(name):
    return list(yaml.safe_load_all((EXAMPLES / name).read_text(encoding="utf-8")))


def succeeds(*command, seconds=GUARD, **settings):
    """Whether the command exists and exits with 0."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, env=environment(),
                              **settings).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Examples(Case):
    def serve_examples(self):
        return self.start("--fixtures", EXAMPLES / "fixtures")

    def assert_variables_are_known(self, variables):
        self.assertEqual(set(variables) - set(re.findall(r"EXPORT_EMULATOR_[A-Z_]+", run("serve", "--help").out)), set())

    def assert_answers(self, server, text, status=200):
        """Requests every path of the text with the token of the text."""
        token = re.search(r"Bearer ([\w-]+)", text)[1]
        paths = [path for path in URL.findall(text) if path]
        self.assertTrue(paths)
        for path in paths:
            self.assertEqual(program.get(server.port, path, token).status, status, path)

    def test_compose(self):
        services = documents("compose.yaml")[0]["services"]
        emulator, suite = services["export-emulator"], services["suite"]
        self.assertTrue((EXAMPLES / emulator["build"] / "Dockerfile").exists())
        self.assertEqual(suite["depends_on"], {"export-emulator": {"condition": "service_healthy"}})
        self.assertTrue((EXAMPLES / emulator["volumes"][0].split(":")[0]).is_dir())
        self.assert_answers(self.serve_examples(), " ".join(suite["command"]))

    def test_compose_with_docker_compose(self):
        if not succeeds("docker", "compose", "version"):
            self.skipTest("docker compose is not installed; compose.yaml was only read as YAML")
        self.assertTrue(succeeds("docker", "compose", "-f", str(EXAMPLES / "compose.yaml"), "config", "--quiet"))

    def test_github_actions(self):
        workflow = documents("github-actions.yml")[0]
        self.assertIn(True, workflow)  # YAML 1.1 reads the key `on` as true
        job = workflow["jobs"]["test"]
        service = job["services"]["export-emulator"]
        self.assertEqual(set(service), {"image", "ports"})
        self.assertEqual(service["ports"], ["8080:8080"])
        self.assertTrue(all(set(step) in ({"uses"}, {"run"}) for step in job["steps"]))
        version = re.search(r"version: '(.*)'", (ROOT / "meson.build").read_text(encoding="utf-8"))[1]
        self.assertTrue(service["image"].endswith("/export-emulator:" + version))
        # Run the steps as a runner does: with bash, in the checkout.
        server = self.start("--control", "open")
        for step in job["steps"]:
            if "run" in step:
                done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=ROOT, capture_output=True, timeout=GUARD,
                                      env=environment({"EXPORT_API_URL": server.url}))
                self.assertEqual(done.returncode, 0, (step, done.stderr))

    def test_kubernetes(self):
        pod, service = documents("kubernetes.yaml")
        self.assertEqual([pod["kind"], service["kind"]], ["Pod", "Service"])
        spec = pod["spec"]
        self.assertEqual(set(spec), {"enableServiceLinks", "automountServiceAccountToken", "securityContext", "containers",
                                     "volumes"})
        self.assertIs(spec["enableServiceLinks"], False)
        self.assertEqual(service["spec"]["selector"], pod["metadata"]["labels"])
        container = spec["containers"][0]
        self.assertEqual(set(container), {"name", "image", "imagePullPolicy", "args", "ports", "startupProbe",
                                          "readinessProbe", "livenessProbe", "resources", "securityContext",
                                          "volumeMounts"})
        port = container["ports"][0]
        self.assertEqual(service["spec"]["ports"][0]["targetPort"], port["name"])
        self.assertIn(f"EXPOSE {port['containerPort']}", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
        self.assertEqual([mount["name"] for mount in container["volumeMounts"]],
                         [volume["name"] for volume in spec["volumes"]])
        mounted = container["volumeMounts"][0]["mountPath"]
        store = str(self.folder())
        server = self.start(*(argument.replace(mounted, store) for argument in container["args"]))
        for name in ("startupProbe", "readinessProbe", "livenessProbe"):
            probe = container[name]["httpGet"]
            self.assertEqual(probe["port"], port["name"])
            self.assertEqual(program.get(server.port, probe["path"]).status, 200, name)

    def test_testcontainers(self):
        folder = EXAMPLES / "testcontainers"
        source = (folder / "connection.test.mjs").read_text(encoding="utf-8")
        server = self.start()
        calls = re.findall(r"\{origin\}(/[\w/]+)`.*?\{base\}(/[\w/-]+)`.*?Bearer ([\w-]+).*?status, (\d+)", source, re.S)
        self.assertEqual(len(calls), 2)
        for sandbox, path, token, status in calls:
            self.assertEqual(program.get(server.port, sandbox + path, token).status, int(status))
        if shutil.which("npm") is None:
            self.skipTest("npm is not installed; whether testcontainers has the called functions was not checked")
        work = self.folder()
        for name in ("package.json", "package-lock.json", ".npmrc", "connection.test.mjs"):
            shutil.copy(folder / name, work)
        if not succeeds("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", cwd=work,
                        seconds=90):
            self.skipTest("npm could not install testcontainers; whether it has the called functions was not checked")
        called = set(re.findall(r"\.((?:with|for|get)[A-Z]\w+)\(", source)) - {"get"}
        script = ("const { GenericContainer, Wait } = await import('testcontainers');"
                  "const { StartedGenericContainer } = await import("
                  "'testcontainers/build/generic-container/started-generic-container.js');"
                  "const known = [GenericContainer.prototype, Wait, StartedGenericContainer.prototype];"
                  f"const missing = {json.dumps(sorted(called))}.filter((name) => !known.some((k) => name in k));"
                  "console.log(JSON.stringify(missing))")
        done = subprocess.run(["node", "--input-type=module", "-e", script], cwd=work, capture_output=True, text=True,
                              timeout=GUARD, env=environment())
        self.assertEqual(done.stdout.strip(), "[]", done.stderr)
        if not (succeeds("docker", "info") and succeeds("docker", "image", "inspect", "export-emulator")):
            self.skipTest("no docker daemon has the image; the called functions exist, but the example was not run")
        self.assertTrue(succeeds("npm", "test", cwd=work, seconds=90))

    def test_the_recipes_use_known_variables_only(self):
        text = "".join(file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.rglob("*.y*ml")))
        self.assert_variables_are_known(re.findall(r"^ *-? *(EXPORT_EMULATOR_[A-Z_]+):", text, re.M))


if __name__ == "__main__":
    unittest.main()
