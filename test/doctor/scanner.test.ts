/** The doctor looks at the malware scanner as at everything else. */
import { expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../src/doctor/run.ts';
import { scanner } from '../../src/doctor/scanner.ts';
import { readSituation } from '../../src/doctor/situation.ts';
import { noClamd, startClamd } from '../helpers/clamd.ts';

const REST = { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_APP_TOKEN: 'xapp-test', VAULT_BUCKET: 'files' };

async function look(VAULT_SCAN?: string) {
  const [line] = await runChecks([scanner], readSituation({ ...REST, VAULT_SCAN }, '/'));
  return line;
}

it('is skipped where nobody scans, or the address is none', async () => {
  expect(await look()).toMatchObject({ state: 'skipped', says: expect.stringContaining('is not set') });
  expect(await look('http://clamd')).toMatchObject({ state: 'skipped' });
});

it('a scanner that is not there', async () => {
  const line = await look('clamd://127.0.0.1:1');
  expect(line).toMatchObject({ state: 'fail', says: expect.stringContaining('127.0.0.1:1') });
  expect(line?.remedy).toContain('VAULT_SCAN');
});

it.skipIf(noClamd()).each([
  ['is well', ['AlertExceedsMax yes', 'AlertEncrypted yes'], 'ok', undefined],
  ['hides its limits', ['AlertEncrypted yes'], 'warn', 'AlertExceedsMax'],
  ['hides what is locked', ['AlertExceedsMax yes'], 'warn', 'AlertEncrypted'],
] as const)(
  'a clamd that %s',
  async (_, settings, state, remedy) => {
    const clamd = await startClamd(settings);
    onTestFinished(() => clamd.close());
    const line = await look(clamd.url);
    expect(line?.state).toBe(state);
    expect(line?.remedy?.match(/Alert\w+/)?.[0]).toBe(remedy);
  },
  60_000,
);
