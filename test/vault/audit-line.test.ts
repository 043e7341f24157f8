import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AuditEntry } from '../../src/catalog/model.ts';
import { AUDIT_WORDS } from '../../src/text/audit-words.ts';
import { auditLine } from '../../src/vault/audit-line.ts';

const line = (action: AuditEntry['action'], detail: AuditEntry['detail']) =>
  auditLine({
    ...{
      line: 1,
      id: 7,
      at: 0,
      teamId: 'T1',
      actorId: 'vault',
      action,
      fileId: 'F1',
      channelId: 'C1',
      detail,
    },
  });

it('says which malware was found, and why a file was released', () => {
  expect(line('scanned', { result: 'infected', version: 1, signature: 'Eicar-Test' })).toMatchObject({
    detail: { result: 'infected', version: 1, signature: 'Eicar-Test' },
  });
  expect(line('scanned', { result: 'unscanned', version: 2, reason: 'too_large' })).toMatchObject({
    detail: { result: 'unscanned', version: 2, reason: 'too_large' },
  });
  const released = { version: 1, found: 'Eicar-Test', reason: 'a test file' };
  expect(line('released', released)).toMatchObject({ detail: released });
});

it('names no object and nothing that was typed to look for', () => {
  const detail = { key: 'slack/T1/plan.pdf', query: 'plan', text: 'plan.pdf failed', bytes: 4 };
  expect(line('stored', detail)).toMatchObject({ detail: { bytes: 4 } });
  expect(JSON.stringify(line('stored', detail))).not.toContain('plan');
});

it('docs/audit-log.md names every action', () => {
  const page = readFileSync(new URL('../../docs/audit-log.md', import.meta.url), 'utf8');
  for (const action of Object.keys(AUDIT_WORDS)) expect(page).toContain(`\`${action}\``);
});
