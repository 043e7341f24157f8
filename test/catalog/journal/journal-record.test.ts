import { expect, it } from 'vitest';
import { removedBefore } from '../../../src/catalog/journal/journal-record.ts';

it('a channel of an earlier journal that the bot was in once and is not in counts as one that it was removed from', () => {
  const told = {
    ...{ teamId: 'T1', channelId: 'C1', name: 'general', kind: 'public' as const, imUserId: null },
    ...{ isMember: 0, isArchived: 0, checkedAt: 5 },
  };
  expect(removedBefore(told)).toBe(5);
  for (const other of [{ isMember: 1 }, { isArchived: 1 }, { checkedAt: 0 }, { kind: 'private' as const }])
    expect(removedBefore({ ...told, ...other })).toBeNull();
});
