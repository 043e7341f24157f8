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
      wordsOf(detailsView({ file: file({ title }), shares: [], history: [], mayDelete: false }));
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
    expect(wordsOf(detailsView({ file: file(), shares: [], history, mayDelete: false }))).toContain(
      '…and 25 more',
    );
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
    });
    await expectScreenView('details-full', view);
    expect(wordsOf(view)).toContain('<https://acme.slack.com/archives/C1/p1?thread_ts=1.2&amp;cid=C1|Open>');
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
    expect(words).toContain('*Type*\ncanvas · text/html');
    expect(words).toMatch(/\*Size\*\n85 bytes$/m);
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
      '1 attachment of this e-mail is not offered',
    );
  });

  it.each([
    [{ listRows: 'all' }, 'All rows of the list'],
    [{ listRows: 'default_view' }, 'Only the default view'],
    [{ blank: true }, 'nothing in it yet'],
    [{ mailBody: 'html' }, 'simpler form'],
    [{ mailBody: 'preview' }, 'preview'],
  ] as const)('tell %j', (facts, words) => {
    expect(wordsOf(view({ facts }))).toContain(words);
    expect(wordsOf(view({ ...notStored, state: 'pending', facts }))).not.toContain(words);
  });
});
