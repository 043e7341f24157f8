import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (name: string) => JSON.parse(readFileSync(resolve(root, name), 'utf8'));

/** Runs the check as if on another Node. */
function checkOn(node: string, typescript: 'strip' | false) {
  let [said, code] = ['', 0];
  const process = {
    versions: { node },
    features: { typescript },
    stderr: { write: (text: string) => (said += text) },
    exit: (given: number) => (code = given),
  };
  new Script(readFileSync(resolve(root, 'src/runtime.cjs'), 'utf8')).runInNewContext({ process });
  return { code, said };
}

describe('the Node that runs it', () => {
  it.each([
    ['20.20.2', false],
    ['18.0.0', false],
    ['22.20.0', 'strip'],
    ['23.4.0', false],
    ['26.0.0', false],
  ] as const)('%s with TypeScript %s: says in one sentence what is missing', (version, typescript) => {
    const { code, said } = checkOn(version, typescript);
    expect(code).toBe(2);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain(`this is Node ${version}`);
  });

  it.each(['22.21.0', '24.1.0', '26.10.0', '100.0.0'])('%s will do', (version) => {
    expect(checkOn(version, 'strip')).toEqual({ code: 0, said: '' });
  });

  it('is the one that the pages name', () => {
    for (const page of ['README.md', 'CONTRIBUTING.md']) {
      const named = readFileSync(resolve(root, page), 'utf8').match(/Node 22\.\d+/g);
      expect([page, ...new Set(named)]).toEqual([page, 'Node 22.21']);
    }
  });

  it('is checked before anything of ours, which then replaces the shell: signals reach it', () => {
    const ours = Object.entries<string>(read('package.json').scripts).filter(([, line]) =>
      / src\//.test(line),
    );
    expect(ours.map(([name]) => name)).toEqual(
      expect.arrayContaining(['start', 'dev', 'verify', 'rebuild', 'recount', 'retention']),
    );
    for (const [name, line] of ours)
      expect(line, name).toMatch(
        /^node src\/runtime\.cjs && exec node (--(watch|max-semi-space-size=)\S* )*src\/[\w/-]+\.ts$/,
      );
  });

  it('comes with the packages, of the very bytes that the lock file names, and without a script', () => {
    const { packages } = read('package-lock.json');
    const runtimes = Object.keys(read('package.json').optionalDependencies);
    expect(runtimes).toHaveLength(5);
    for (const name of runtimes) {
      const pinned = packages[`node_modules/${name}`];
      expect(pinned).toMatchObject({ optional: true, bin: { node: expect.stringMatching(/^bin\/node/) } });
      expect([pinned.integrity.slice(0, 7), pinned.hasInstallScript]).toEqual(['sha512-', undefined]);
    }
    const scripted = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(
      ([, about]) => about.hasInstallScript,
    );
    expect(scripted).toEqual([]);
  });
});
