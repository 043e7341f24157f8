import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../src/blocks/alert.ts';
import { foundInYoursMessage, scanHealthBlocks } from '../../src/blocks/scan.ts';
import { besideLink, checkInWords, checkNote } from '../../src/blocks/scan-note.ts';
import type { Checked } from '../../src/catalog/scan/model.ts';
import { T0 } from '../catalog/samples.ts';

const check = (o: Partial<Checked>): Checked => ({
  ...{ state: 'clean', since: T0, reason: null, signature: null, release: null },
  ...{ scannedWith: 'ClamAV 1.4.3/27812/Thu Nov 26 08:26:31 2026', scannedAt: T0, isGiven: true },
  ...o,
});
const release = { by: 'U3', at: T0, reason: 'false alarm *<@U1>*' };

describe('a check in words', () => {
  it('says of a clean file when, and with which signatures', () => {
    expect(checkInWords(check({}))).toMatch(/nothing found · .* · ClamAV 1\.4\.3 · 27812$/);
    expect(checkNote(check({}))).toBe('');
    expect(besideLink(check({}))).toEqual([]);
  });

  it('never calls clean what is not', () => {
    for (const one of [
      check({ state: 'waiting', isGiven: false }),
      check({ state: 'infected', signature: 'Evil', isGiven: false }),
      check({ state: 'infected', signature: 'Evil', release }),
      check({ state: 'unscanned', reason: 'too_large', isGiven: false }),
      check({ state: 'unscanned', reason: 'encrypted' }),
      check({ state: 'unscanned', reason: 'waited', release }),
    ]) {
      expect(checkNote(one)).not.toBe('');
      expect(checkInWords(one)).not.toContain('nothing found');
      expect(checkInWords(one)).not.toContain('white_check_mark');
      if (one.isGiven) expect(JSON.stringify(besideLink(one))).toContain(':warning:');
    }
  });

  it('lets neither a signature nor a reason format or mention anything', () => {
    const words = checkInWords(check({ state: 'infected', signature: 'Evil`<!channel>', release }));
    expect(words).not.toContain('<!channel>');
    expect(words).not.toContain('<@U1>');
    expect(words).toContain('<@U3>');
  });
});

it('the uploader reads which files, and admins which malware, but no name', () => {
  const notice = {
    id: 1,
    at: T0,
    actorId: null,
    kind: 'infected',
    fileId: 'F1',
    name: 'a.pdf',
    bytes: 1,
  } as const;
  const told = JSON.stringify(foundInYoursMessage({ notices: [notice, { ...notice, id: 2 }] }));
  expect(told).toContain('Malware was found in 1 file that you shared');
  expect(told).toContain('a.pdf');
  const infected = { kind: 'infected', signature: 'Evil.Worm', day: '2026-11-29', files: 2 } as const;
  const away = { kind: 'scanner', problem: 'away', since: T0 } as const;
  const row = { id: 1, raisedAt: T0, clearedAt: null };
  const message = JSON.stringify(
    alertMessage({
      alerts: [
        { ...row, alert: infected },
        { ...row, alert: away },
      ],
    }),
  );
  expect(message).toContain('`Evil.Worm`, in 2 files');
  expect(message).toContain('has not answered since');
  const over = [infected, away].map((alert) => ({ ...row, alert, clearedAt: T0 }));
  expect(JSON.stringify(alertMessage({ alerts: over }))).toContain('answers again');
});

it('the status says what the scanner hides, and what is hidden from the reader', () => {
  const health = {
    ...{ isOn: true, engine: 'ClamAV 1.4.3', signatures: '27812', signaturesAt: T0, awaySince: T0 },
    ...{ tellsLimits: false, tellsLocked: false, unscannedPolicy: 'block' as const },
    ...{ waiting: 1, infected: 2, released: 3, unscanned: 4, most: 10_000, found: [], hidden: 2 },
  };
  const shown = JSON.stringify(scanHealthBlocks(health));
  for (const words of [
    'AlertExceedsMax yes',
    'AlertEncrypted yes',
    'has not answered since',
    '1 waiting, 2 with malware',
    'And 2 files',
  ])
    expect(shown).toContain(words);
  expect(JSON.stringify(scanHealthBlocks({ ...health, isOn: false }))).toContain('`VAULT_SCAN` is not set');
});
