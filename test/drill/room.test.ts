import { expect, it } from 'vitest';
import { noRoom } from '../../src/drill/room.ts';

it.each([
  [107_100_000, 107_000_000, '108 MB in /tmp, and 107 MB'],
  [1_010_000_000, 1_009_000_000, '1.1 GB in /tmp, and 1.0 GB'],
  [1_000_000_000, 999_999_999, '1.0 GB in /tmp, and 999 MB'],
  [64_000_001, 0, '65 MB in /tmp, and 0 MB'],
])('what is needed (%i) is rounded up, what is free (%i) down', (needed, free, said) => {
  expect(noRoom({ needed, free, folder: '/tmp' }).message).toContain(`needs ${said} are free`);
});
