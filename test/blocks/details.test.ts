import { describe, expect, it } from 'vitest';
import { detailsView } from '../../src/blocks/details.ts';
import { expectView } from './block-kit-rules.ts';
import { audit, DAY, file, NOW, notStored, share } from './samples.ts';
import { expectScreenView, wordsOf } from './snapshot.ts';

describe('the details', () => {
  it('tell all that is known of a stored file', async () => {
    const view = detailsView({
      file: file(),
      shares: [share(), share({ channelId: 'C0DESIGN', userId: 'U0BEN', sharedAt: NOW })],
      history: [audit({ action: 'link', actorId: 'U0BEN', at: NOW }), audit()],
      mayDelete: true,
      more: true,
    });
    await expectScreenView('details', view);
  });

  it('tell why a file is not kept, and offer nothing that cannot be', async () => {
    const skipped = file({
      ...notStored,
      state: 'skipped',
      reason: 'too_large',
      name: 'huge.iso',
      title: null,
      filetype: null,
    });
    const view = detailsView({
      file: skipped,
      shares: [],
      history: [audit({ action: 'skipped' })],
      mayDelete: false,
    });
    await expectScreenView('details-skipped', view);
  });

  it('say why its text is not searched', () => {
    const words = (unread: { reason: string; part: boolean } | null) =>
      wordsOf(detailsView({ file: file(), shares: [], history: [], mayDelete: false, unread }));
    expect(words(null)).not.toContain('searched');
    expect(words({ reason: 'damaged', part: false })).toContain('Its text is not searched: it is damaged.');
    expect(words({ reason: 'too_large', part: true })).toContain(
      'Only a part of its text is searched: it is too large.',
    );
    expect(words({ reason: 'pictures_not_read', part: true })).toContain(
      'Some of its pages are pictures. Letters in these are not searched.',
    );
  });

  it('say in “More” which import brought the file', () => {
    const from = (importedFrom?: string, more = true) =>
      wordsOf(
        detailsView({
          ...{
            file: file({ facts: { importedFrom } }),
            shares: [share()],
            history: [audit()],
            mayDelete: true,
            more,
          },
        }).blocks,
      );
    expect(from('the export of 2023-05-01')).toContain('From the export of 2023-05-01');
    expect(from('the export of 2023-05-01', false)).not.toContain('export');
    expect(from('the archive <!channel>.zip')).not.toContain('<!channel>');
    expect(from()).not.toContain('undefined');
  });

  it('lead to where an external file lives, by web addresses alone', () => {
    const open = (externalUrl: string) => {
      const external = file({
        ...notStored,
        mode: 'external',
        state: 'skipped',
        reason: 'external',
        externalUrl,
      });
      return JSON.stringify(detailsView({ file: external, shares: [], history: [], mayDelete: false }));
    };
    expect(open('https://docs.example/d/1')).toContain('"url":"https://docs.example/d/1"');
    // Only Slack's own page of the file is left.
    for (const bad of ['javascript:alert(1)', `https://docs.example/${'x'.repeat(3000)}`]) {
      expect(open(bad)).toContain('"url":"https://example.slack.com/files/');
      expect(open(bad)).not.toMatch(/javascript:|docs\.example/);
    }
  });

  it('lead to the file and to its message side by side, in a window that Slack takes', () => {
    const skipped = file({ ...notStored, state: 'skipped', reason: 'too_large' });
    const permalink = () => 'https://example.slack.com/archives/C0/p1';
    const view = detailsView({ file: skipped, shares: [share()], history: [], mayDelete: false, permalink });
    expect(JSON.stringify(view).match(/"url":/g)).toHaveLength(2);
    expectView(view);
  });

  it.each([2, 15, 40, 41, 700])('offer each of %i versions for download, newest first', (count) => {
    const object = { objectKey: 'k', sha256: 'a'.repeat(64), crc32: 'AAAAAA==', etag: null, versionId: null };
    const versions = Array.from({ length: count - 1 }, (_, index) => ({
      ...{ ...object, teamId: 'T0', fileId: 'F0CANVAS', number: count - 1 - index, storedBytes: 10 },
      ...{ storedAt: NOW - index, storedType: 'text/html', proof: 'crc32' as const, lostAt: null },
    }));
    const canvas = file({ fileId: 'F0CANVAS', version: count, olderVersions: count - 1 });
    const view = detailsView({
      file: canvas,
      shares: [share()],
      history: [audit()],
      mayDelete: true,
      more: true,
      versions,
    });
    expect(view.blocks.length).toBeLessThanOrEqual(100);
    const values = [...JSON.stringify(view).matchAll(/"value":"F0CANVAS:(\d+)"/g)].map(([, number]) =>
      Number(number),
    );
    expect(values).toEqual(Array.from({ length: count }, (_, index) => count - index));
    expectView(view);
  });

  it('show a title only when it tells more than the name', () => {
    const titled = (title: string) =>
      wordsOf(detailsView({ file: file({ title }), shares: [], history: [], mayDelete: false, more: true }));
    expect(titled('Q3 budget')).not.toContain('*Title*');
    expect(titled('The budget of autumn')).toContain('*Title*');
  });

  it('of a file in the trash say until when, without Delete', async () => {
    const trashed = file({
      state: 'trashed',
      trashedAt: NOW,
      trashedBy: 'U0ANN',
      purgeAt: NOW + 30 * DAY,
      slackDeletedAt: NOW,
    });
    const view = detailsView({ file: trashed, shares: [share()], history: [], mayDelete: true });
    await expectScreenView('details-trashed', view);
    expect(JSON.stringify(view)).not.toContain('delete_ask');
  });

  it('stay short for a file with a long life', () => {
    const history = Array.from({ length: 40 }, () => audit({ action: 'link' }));
    expect(
      wordsOf(detailsView({ file: file(), shares: [], history, mayDelete: false, more: true })),
    ).toContain('…and 25 more');
  });

  it('never show the private URL or the object key', () => {
    const view = JSON.stringify(
      detailsView({ file: file(), shares: [share()], history: [audit()], mayDelete: true }),
    );
    expect(view).not.toMatch(/files-pri|T1\/C0GENERAL/);
  });

  it('has a preview, links to the messages, a card to post and the key for admins', async () => {
    const view = detailsView({
      file: file({ mimetype: 'image/png', name: 'photo.png' }),
      shares: [share(), share({ ts: null })],
      history: [audit({ action: 'posted', actorId: 'U0BEN' })],
      mayDelete: false,
      mayKnowKey: true,
      previewUrl: 'https://s3.example/photo.png?X-Amz-Signature=1',
      permalink: ({ ts }) =>
        ts === null ? null : 'https://acme.slack.com/archives/C1/p1?thread_ts=1.2&cid=C1',
      shareIn: { channelId: 'C0OTHER', discloses: true },
      more: true,
    });
    await expectScreenView('details-full', view);
    // Small, beside the name; not a block of its own.
    expect(view.blocks[0]).toMatchObject({ type: 'section', accessory: { type: 'image' } });
    expect(view.blocks.some(({ type }) => type === 'image')).toBe(false);
    expect(wordsOf(view)).toContain('<https://acme.slack.com/archives/C1/p1?thread_ts=1.2&amp;cid=C1|Open>');
  });
});

describe('the short form of the details', () => {
  const names = {
    people: new Map([['U0ANN', 'Anna']]),
    channels: new Map([
      ['C0GENERAL', 'general'],
      ['C0FINANCE', 'finance'],
    ]),
  };
  const short = { history: [audit()], mayDelete: true, names, userId: 'U0BEN' };
  const permalink = () => 'https://acme.slack.com/archives/C1/p1';

  it('has the name, what can be done, three facts, and More for the rest', async () => {
    const view = detailsView({
      ...short,
      ...{ file: file(), shares: [share({ channelId: 'C0FINANCE' })], permalink, mayHold: true },
      shareIn: { channelId: 'C0GENERAL', discloses: false },
    });
    await expectScreenView('details-short', view);
    const words = wordsOf(view);
    expect(words).toContain('You and #finance can open this');
    expect(words).not.toMatch(/SHA-256|History|<[@#]/);
    expect(words).toMatch(/Download\nGo to message\n/);
  });

  it('says who can open a file, for everybody who may', () => {
    const opens = (given: object) => wordsOf(detailsView({ ...short, file: file(), shares: [], ...given }));
    const shares = ['C0GENERAL', 'C0FINANCE'].map((channelId) => share({ channelId }));
    expect(opens({ shares })).toContain('You and #general and #finance can open this');
    expect(opens({ shares, isPublic: true })).toContain('and so can everybody in the workspace');
    const alone = file({ uploaderId: 'U0BEN', channelId: 'U0BEN' });
    expect(opens({ file: alone })).toContain('Only you can open this');
    expect(opens({ file: file({ uploaderId: 'U0BEN' }) })).toContain(
      'You can open this because you shared it.',
    );
    expect(opens({})).toContain('You can open this because you run RIA Vault.');
    // Somebody who only oversees the vault cannot open it.
    expect(opens({ shares, oversight: true })).not.toContain('can open this');
  });

  it('goes to the newest message that is still there', () => {
    const link = ({ ts }: { ts: string | null }) => `https://acme.slack.com/archives/C1/p${ts}`;
    const shares = [share({ ts: '1' }), share({ ts: '2' }), { ...share({ ts: '3' }), removed: true }];
    const view = JSON.stringify(detailsView({ ...short, file: file(), shares, permalink: link }));
    expect(view).toContain('"url":"https://acme.slack.com/archives/C1/p2"');
  });

  it('of a file in the trash offers Restore to those who may', () => {
    const trashed = file({ state: 'trashed', trashedAt: NOW, purgeAt: NOW + DAY });
    const view = (mayDelete: boolean) =>
      JSON.stringify(detailsView({ ...short, file: trashed, shares: [], mayDelete }));
    expect(view(true)).toContain('"accessibility_label":"Restore Q3 budget.pdf"');
    expect(view(false)).not.toContain('Restore');
  });

  it('keeps what the malware gate holds back', () => {
    const newest = {
      ...{ state: 'infected' as const, signature: 'Eicar', reason: null, release: null, isGiven: false },
      ...{ since: NOW, scannedAt: NOW, scannedWith: 'ClamAV' },
    };
    const scan = { newest: newest as never, older: new Map(), mayRelease: true };
    const view = detailsView({ ...short, file: file(), shares: [share()], scan });
    expect(wordsOf(view)).toContain('Eicar');
    expect(JSON.stringify(view)).not.toContain('download_file');
    expect(JSON.stringify(view)).toContain('scan_release');
  });
});

describe('the details of what Slack makes', () => {
  const view = (given: Parameters<typeof file>[0], mail: Parameters<typeof file>[0] | null = null) =>
    detailsView({ file: file(given), shares: [], history: [], mayDelete: false, mail: mail && file(mail) });

  it('tell of a recording that it is a transcode, and what was said', async () => {
    const facts = { transcode: true, transcript: 'Hello *all*,\n<!channel> see you at ten.' };
    const clip = { name: 'audio_message.webm', title: null, filetype: 'webm', mimetype: 'audio/webm' };
    await expectScreenView('details-clip', view({ ...clip, storedType: 'video/mp4', facts }));
  });

  it('name a canvas as people do, and a small size once', () => {
    const canvas = {
      filetype: 'quip',
      mode: 'quip',
      mimetype: 'application/vnd.slack-docs',
      storedBytes: 85,
    };
    const words = wordsOf(view({ ...canvas, storedType: 'text/html; charset=utf-8' }));
    expect(words).toContain('85 bytes · canvas');
  });

  it('tell which e-mail something was attached to, with a way to it', async () => {
    const contract = {
      fileId: 'F0AB12CD34-0F1E2D3C',
      name: 'contract.pdf',
      title: null,
      parentId: 'F0AB12CD34',
    };
    await expectScreenView('details-attachment', view(contract, { name: 'Re: <Contract> | 2', title: null }));
    expect(wordsOf(view(contract))).not.toContain('Attached to');
    const elsewhere = view(contract, { name: 'Offer', permalink: 'javascript:alert(1)' });
    expect(wordsOf(elsewhere)).toContain('Attached to the e-mail Offer');
  });

  it('tell what an e-mail lacks, and in which form its text is kept', async () => {
    const mail = {
      name: 'Re: Contract',
      title: 'Re: Contract',
      filetype: 'email',
      mode: 'email',
      mimetype: 'text/html',
    };
    const facts = { mailBody: 'plain', attachmentsMissing: 2 } as const;
    await expectScreenView('details-mail', view({ ...mail, storedType: 'text/plain; charset=utf-8', facts }));
    expect(wordsOf(view({ ...mail, facts: { mailBody: 'page', attachmentsMissing: 0 } }))).not.toMatch(
      /e-mail’s own page|attachment/,
    );
    expect(wordsOf(view({ ...mail, facts: { attachmentsMissing: 1 } }))).toContain(
      '1 attachment of this e-mail is not saved',
    );
  });

  it.each([
    [{ listRows: 'all' }, 'All rows of the list'],
    [{ listRows: 'default_view' }, 'Only the default view'],
    [{ blank: true }, 'still empty'],
    [{ mailBody: 'html' }, 'simpler form'],
    [{ mailBody: 'preview' }, 'preview'],
  ] as const)('tell %j', (facts, words) => {
    expect(wordsOf(view({ facts }))).toContain(words);
    expect(wordsOf(view({ ...notStored, state: 'pending', facts }))).not.toContain(words);
  });
});
