import { expect, it } from 'vitest';
import { auditLine } from '../../src/vault/audit-line.ts';

const entry = { line: 1, id: 2, at: 3, teamId: 'T1', actorId: 'U3', fileId: 'F1', channelId: null };

it('a line says what the malware scanner found, and what was released why; never where the file is', () => {
  const detail = { result: 'infected', version: 1, signature: 'Evil.Worm', key: 'T1/secret plan.txt' };
  expect(auditLine({ ...entry, action: 'scanned', detail })).toMatchObject({
    detail: { result: 'infected', version: 1, signature: 'Evil.Worm' },
  });
  expect(JSON.stringify(auditLine({ ...entry, action: 'scanned', detail }))).not.toContain('secret');
  const released = { version: 1, found: 'Evil.Worm', reason: 'a false alarm' };
  expect(auditLine({ ...entry, action: 'released', detail: released })).toMatchObject({ detail: released });
});
