import { describe, expect, it } from 'vitest';
import { importText } from '../../src/cli/import-report.ts';
import { empty } from '../catalog/databases.ts';
import { type ExportedConversation, slackExport, withBytes } from './exports.ts';
import { AT, bytesOf, CONVERSATIONS, importStage } from './stage.ts';

const { stage, zip, file, run } = importStage();

describe('an import', () => {
  it.each([
    ['a permalink', 'permalink', `https://acme.slack.com/files/U0ANNA/F0LINK0001/a?t=xoxe-1-2-3`],
    ['an address elsewhere', 'external_url', 'https://docs.example.com/d/1?t=xoxe-1-2-3'],
    ['an address with the token in another place', 'external_url', 'https://docs.example.com/xoxe-1-2-3/1'],
    ['the address that stands for one', 'url_private', 'https://docs.example.com/d/1?t=xoxe-1-2-3'],
  ])('never keeps a token, also not in %s', async (_, field, address) => {
    const object = { mode: field === 'permalink' ? 'hosted' : 'external', [field]: address };
    const files = [{ id: 'F0LINK0001', name: 'a', bytes: Buffer.from('a'), object }];
    const [first] = CONVERSATIONS as [ExportedConversation];
    const contents = slackExport([{ ...first, messages: [{ at: AT, user: 'U0ANNA', files }] }], {
      token: null,
    });
    await run(await zip(contents));
    const rows = await stage.catalog.db.selectFrom('file').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('xoxe');
  });

  it('leaves out files of other organisations’ people where the owner does', async () => {
    const [first] = CONVERSATIONS as [ExportedConversation];
    const files = [
      { id: 'F0OURS0001', name: 'a', bytes: bytesOf('a') },
      { id: 'F0GUEST001', name: 'b', bytes: bytesOf('b'), object: { user_team: 'T0OTHER' } },
    ];
    const own = [{ ...first, messages: [{ at: AT, user: 'U0ANNA', files }] }];
    const path = await zip(withBytes(slackExport(own, { token: null }), own, 'uploads'));
    const policy = { maxFileBytes: 1e9, excludeTypes: new Set<string>(), external: 'record' as const };
    expect(await run(path, { policy })).toMatchObject({ stored: 1, notHad: { other_org: 1 } });
    expect(await file('F0GUEST001')).toMatchObject({ state: 'skipped', reason: 'other_org' });
    // Slack's word about the person counts more: an organisation may have several workspaces.
    await empty(stage.catalog);
    expect(await run(path, { policy, isOutside: async () => false })).toMatchObject({ stored: 2 });
  });

  it('counts in a dry run by reason, as it would for real', async () => {
    const [first] = CONVERSATIONS as [ExportedConversation];
    const one = (id: string, object: Record<string, unknown>, name = 'a.txt') => ({
      id,
      name,
      bytes: bytesOf('a'),
      object,
    });
    const hidden = { mode: 'hidden_by_limit', url_private: null, url_private_download: null };
    const files = [
      one('F0PACKED01', {}),
      one('F0HIDDEN01', hidden),
      one('F0GONE0001', { mode: 'tombstone', url_private: null, url_private_download: null }),
      one('F0VIDEO001', {}, 'a.mov'),
      one('F0GUEST001', { user_team: 'T0OTHER' }),
      one('F0WAITS001', {}),
      one('F0LATER001', hidden),
    ];
    const messages = [files, [one('F0LATER001', {}), one('F0HIDDEN01', hidden)]].map((shared, day) => ({
      ...{ at: AT + day * 86_400_000, user: 'U0ANNA', files: shared },
    }));
    const own = [{ ...first, messages }];
    const contents = withBytes(slackExport(own, { token: null }), own, 'uploads');
    for (const id of ['F0HIDDEN01', 'F0GONE0001', 'F0WAITS001'])
      for (const path of contents.keys()) if (path.includes(id)) contents.delete(path);
    const path = await zip(contents);
    const policy = { maxFileBytes: 1e9, excludeTypes: new Set(['mov']), external: 'record' as const };
    const dry = await run(path, { policy, dryRun: true });
    expect(dry).toMatchObject({
      notHad: { hidden_by_limit: 1, tombstone: 1, excluded_type: 1, other_org: 1 },
      // Those in the archive, and the one that waits.
      ...{ files: 7, waits: 1, stored: 0, already: 0, bytesToCome: 3 * bytesOf('a').length },
    });
    const report = await run(path, { policy });
    const text = importText(report);
    expect(text).toContain('NOT in the vault yet: 1.');
    expect(text).toContain('1 conversation, 7 files, shared 9 times.');
    expect(text).toContain('1  hidden by Slack’s plan (hidden_by_limit)');
    expect(report).toMatchObject({
      notHad: dry.notHad,
      waits: 1,
      stored: 2,
      already: 0,
    });
    expect(await run(path, { policy, dryRun: true })).toMatchObject({
      ...{ notHad: dry.notHad, waits: 1, already: 2, bytesToCome: bytesOf('a').length },
    });
  });
});
