import { expect, it } from 'vitest';
import { parseAuditFilter } from '../../src/vault/audit-filter.ts';

it.each(['F0EMAIL002-0A1B2C3D', 'file:F0EMAIL002-0A1B2C3D'])(
  '%s names an e-mail’s attachment in the audit log',
  (text) => {
    const filter = parseAuditFilter(text, { now: 0, timeZoneOffset: 0 });
    expect(filter).toEqual({ fileId: 'F0EMAIL002-0A1B2C3D' });
  },
);

it.each(['file:F0EMAIL002-', 'file:F0EMAIL002-0A1B', 'file:F0EMAIL002-0A1B2C3Z'])(
  '%s names nothing',
  (text) => {
    expect(() => parseAuditFilter(text, { now: 0, timeZoneOffset: 0 })).toThrow();
  },
);
