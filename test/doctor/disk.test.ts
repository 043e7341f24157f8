import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { disk } from '../../src/doctor/disk.ts';
import { runChecks } from '../../src/doctor/run.ts';
import { readSituation, THIS_MACHINE } from '../../src/doctor/situation.ts';

const MB = 1024 * 1024;

it.each([
  [1_100, 'ok'],
  [1_000, 'warn'],
])('a catalog of 1,000 MB with %s MB free beside it: %s', async (free, state) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-disk-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  // Takes no room: it is one hole.
  writeFileSync(join(dataDir, 'vault.db'), '');
  truncateSync(join(dataDir, 'vault.db'), 1_000 * MB);
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-x',
    SLACK_APP_TOKEN: 'xapp-x',
    VAULT_BUCKET: 'b',
    VAULT_DATA_DIR: dataDir,
  };
  const machine = { ...THIS_MACHINE, freeSpace: async () => free * MB };
  const [line] = await runChecks([disk], readSituation(env, '/', machine));
  expect(line?.state).toBe(state);
  if (state === 'warn') expect(line?.remedy).toContain('second catalog');
});
