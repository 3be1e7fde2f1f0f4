#!/usr/bin/env node
// The entry of the program. It stays small enough to be understood by versions of Node that the rest is not for.
const NODE_MINIMUM = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor < NODE_MINIMUM[1])) {
  process.stderr.write(`volpit needs Node ${NODE_MINIMUM.join('.')} or later; this is Node ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  import('./cli.ts')
    .then(({ runCommandLine }) =>
      runCommandLine(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, env: process.env }),
    )
    .then((code) => {
      process.exitCode = code;
    });
}
