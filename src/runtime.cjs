'use strict';
// Runs before everything else, on whatever Node there is: older ones cannot even read the rest, which is TypeScript.
const needed = [22, 21];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1]) || !process.features.typescript) {
  process.stderr.write(
    `RIA Vault needs Node ${needed.join('.')} or later, with its support for TypeScript, and this is Node ${process.versions.node}: install a newer one, or run npm ci, which brings one along.\n`,
  );
  process.exit(2);
}
