import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GetObjectLegalHoldCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonClient } from '../../sandbox/slack/client.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const DAY_MS = 86_400_000;

/** Giving back, keeping and letting go, with the real bot and a bucket that has Object Lock. */
describe('govern', () => {
  let vault: TestVault;
  let bot: Bot;
  let s3: S3Client;
  let anna: PersonClient;
  let ben: PersonClient;
  let carla: PersonClient;

  beforeAll(async () => {
    vault = await startVault({ s3: { objectLock: true } });
    s3 = new S3Client({
      ...{ endpoint: vault.s3.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' },
    });
    anna = vault.slack.as('anna');
    ben = vault.slack.as('ben');
    carla = vault.slack.as('carla');
    bot = await vault.startBot();
  });
  afterAll(async () => {
    s3?.destroy();
    await vault?.close();
  });

  const channel = (name: string) => vault.slack.workspace.channels[name] as string;
  const answers = (who: PersonClient, where: string) =>
    who.messages(where).filter((message) => message.ephemeral);

  /** Types a command and waits for what the bot answers. */
  async function ask(who: PersonClient, where: string, line: string) {
    const before = answers(who, where).length;
    await who.command(where, line);
    return who.waitFor(() => answers(who, where).slice(before).at(-1));
  }

  /** Clicks, and waits for what is answered beside it or in its place. */
  async function click(
    who: PersonClient,
    where: string,
    message: Awaited<ReturnType<typeof ask>>,
    actionId: string,
    payload: Record<string, unknown> = {},
  ) {
    const seen = JSON.stringify(answers(who, where));
    await who.action(message, actionId, { payload });
    await who.waitFor(() => JSON.stringify(answers(who, where)) !== seen);
    return answers(who, where).at(-1) as typeof message;
  }

  const said = (it: unknown) => JSON.stringify(it);

  async function share(who: PersonClient, where: string, ...names: string[]): Promise<string[]> {
    const { files } = await who.share(
      where,
      names.map((name) => ({ name, content: `content of ${name}` })),
    );
    for (const id of files)
      await until(`${id} in the bucket`, async () =>
        (await vault.s3.list(BUCKET)).some(({ key }) => key.includes(id)),
      );
    await until('them in the list', async () => {
      const list = await ask(who, where, '/vault list');
      return files.every((id) => said(list.blocks).includes(`"value":"${id}"`));
    });
    return files;
  }

  const modalSays = (who: PersonClient, text: string | RegExp) =>
    who.waitFor(() => {
      const modal = who.modal();
      return modal !== undefined && said(modal.blocks).match(text) !== null && modal;
    });

  const field = (value: string) => ({ value: { type: 'plain_text_input', value } });
  const chosen = (value: string) => ({
    value: { type: 'static_select', selected_option: { text: { type: 'plain_text', text: 'x' }, value } },
  });

  async function versionsOf(fileId: string): Promise<string[]> {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET }),
    );
    return [...Versions, ...DeleteMarkers].flatMap(({ Key = '' }) => (Key.includes(fileId) ? [Key] : []));
  }

  /** Reads or changes the catalog while no bot runs on it. */
  async function withCatalog<T>(work: (db: DatabaseSync) => T): Promise<T> {
    await bot.stop();
    const db = new DatabaseSync(join(vault.dataDir, 'vault.db'));
    try {
      return work(db);
    } finally {
      db.close();
      bot = await vault.startBot();
    }
  }

  it('deletes several files that are ticked in one window, and tells the channel in one message', async () => {
    const [one, two, three] = await share(anna, 'design', 'one.txt', 'two.txt', 'three.txt');
    const chooser = await ask(anna, 'design', '/vault delete');
    const ticked = [one, two].map((value) => ({ text: { type: 'plain_text', text: 'x' }, value }));
    await anna.action(chooser, 'delete_several');
    const window = await modalSays(anna, /delete_pick/);
    expect(said(window.blocks)).toMatch(/one\.txt/);
    const boxes = (options: unknown[]) => ({
      files: { delete_pick: { type: 'checkboxes', selected_options: options } },
    });
    expect(await anna.submit(window.id, boxes([]) as never)).toMatchObject({
      errors: { files: expect.any(String) },
    });
    await anna.submit(window.id, boxes(ticked) as never);
    await modalSays(anna, /Deleted: 2 files/);
    const told = await until('one message', () =>
      anna.messages('design').find((message) => !message.ephemeral && /deleted 2 files/.test(message.text)),
    );
    // The list behind the window follows.
    const behind = () => said(answers(anna, 'design').find(({ ts }) => ts === chooser.ts)?.blocks);
    await until('the list without them', () => !behind().includes(one as string));
    expect(behind()).toContain(three as string);
    expect(said(told)).not.toMatch(/<@|undo_delete/);
    const trash = await ask(anna, 'design', '/vault trash');
    expect(said(trash.blocks)).toMatch(/trash_restore/);
    expect(said(trash.blocks)).not.toContain('three.txt');
    expect(said(await ask(anna, 'design', '/vault delete'))).toContain(three as string);
  });

  it('restores from the trash for who may, and refuses the others', async () => {
    const seen = await ask(ben, 'design', '/vault trash');
    expect(said(seen.blocks)).toContain('one.txt');
    expect(said(seen.blocks)).not.toContain('trash_restore');
    const [fileId] = /F\w+(?=")/.exec(said((await ask(anna, 'design', '/vault trash')).blocks)) ?? [];
    const mine = await ask(anna, 'design', '/vault trash');
    const answered = answers(anna, 'design').length;
    const back = await click(anna, 'design', mine, 'trash_restore', { value: fileId });
    // In its place: there is no second message.
    expect([back.ts, answers(anna, 'design').length]).toEqual([mine.ts, answered]);
    expect(said(back.blocks)).not.toContain(`"value":"${fileId}"`);
    // Both went in one moment, so either may stand first.
    expect(back.text).toMatch(/Restored (?:one|two)\.txt/);
  });

  it('removes a file for good only for admins, only when its name is typed, and with all its versions', async () => {
    const [fileId] = (await share(anna, 'design', 'secret plan.txt')) as [string];
    await ask(anna, 'design', '/vault delete secret plan.txt').then((chooser) =>
      click(anna, 'design', chooser, 'delete_file', { value: fileId }),
    );
    const trash = await ask(carla, 'design', '/vault trash');
    // An admin restores with one click, too.
    const restored = await click(carla, 'design', trash, 'trash_restore', { value: fileId });
    expect(restored.text).toContain('Restored secret plan.txt');
    await ask(anna, 'design', '/vault delete secret plan.txt').then((chooser) =>
      click(anna, 'design', chooser, 'delete_file', { value: fileId }),
    );
    await carla.action(await ask(carla, 'design', '/vault trash'), 'trash_menu', {
      payload: { selected_option: { value: `purge:${fileId}` } },
    });
    const question = await modalSays(carla, /secret plan\.txt/);
    expect(await carla.submit(question.id, { typed: field('yes') })).toEqual({
      errors: { typed: expect.stringContaining('DELETE') },
    });
    expect(await versionsOf(fileId)).toHaveLength(1);
    await carla.submit(question.id, { typed: field('secret plan.txt') });
    await modalSays(carla, /deleted forever/);
    await until('nothing left of it', async () => (await versionsOf(fileId)).length === 0);
    expect(said(await ask(carla, 'design', `/vault audit file:${fileId}`))).toMatch(/to be deleted forever/);
  });

  it('keeps what is on hold from everybody, in the bucket too, until the hold is lifted', async () => {
    expect((await ask(anna, 'general', '/vault hold')).text).toContain('Only workspace admins');
    const [fileId] = (await share(anna, 'general', 'evidence.txt')) as [string];
    const holds = await ask(carla, 'general', '/vault hold');
    await carla.action(holds, 'hold_new', { payload: { value: 'new' } });
    const form = await modalSays(carla, /match \*everything\*/);
    expect(await carla.submit(form.id, { reason: field('Case 4711') })).toEqual({
      errors: { person: expect.any(String) },
    });
    await carla.submit(form.id, {
      reason: field('Case 4711'),
      channel: { value: { type: 'conversations_select', selected_conversation: channel('general') } },
    });
    await modalSays(carla, /On hold/);

    const legalHold = async () => {
      const [Key] = await versionsOf(fileId);
      const answer = s3.send(new GetObjectLegalHoldCommand({ Bucket: BUCKET, Key }));
      return answer.then(
        ({ LegalHold }) => LegalHold?.Status,
        () => 'none',
      );
    };
    await until('the legal hold', async () => (await legalHold()) === 'ON');
    const chooser = await ask(anna, 'general', '/vault delete evidence');
    const refused = await click(anna, 'general', chooser, 'delete_file', { value: fileId });
    // The uploader is not told that there is a hold, here or in Details.
    expect(refused.text).toContain('can’t be deleted right now');
    expect(said(refused.blocks)).not.toMatch(/hold/i);
    await anna.removeFile(fileId);

    // What comes later is held as well.
    const [later] = (await share(anna, 'general', 'more evidence.txt')) as [string];
    await until('its legal hold', async () => {
      const [Key] = await versionsOf(later);
      return s3.send(new GetObjectLegalHoldCommand({ Bucket: BUCKET, Key })).then(
        ({ LegalHold }) => LegalHold?.Status === 'ON',
        () => false,
      );
    });

    const list = await ask(carla, 'general', '/vault hold');
    expect(said(list.blocks)).toContain('Case 4711');
    await carla.action(list, 'hold_lift');
    await until('no legal hold', async () => (await legalHold()) === 'OFF');
    await anna.action(chooser, 'delete_file', { payload: { value: fileId } });
    await anna.waitFor(() => answers(anna, 'general').some(({ text }) => text.includes('Deleted:')));
  });

  it('switches a channel off for admins alone, tells it there, and records what is shared meanwhile', async () => {
    const shown = await ask(anna, 'design', '/vault channel');
    expect(said(shown.blocks)).toContain('Saved since');
    expect(said(shown.blocks)).not.toContain('rules_change');
    await openRules(carla, 'design');
    await carla.submit(carla.modal()?.id as string, { ...rules(), capture: chosen('off') });
    await modalSays(carla, /Saved/);
    await until('the word in the channel', () =>
      anna
        .messages('design')
        .find((message) => !message.ephemeral && message.text.includes('files are no longer saved')),
    );
    const { files } = await anna.share('design', { name: 'not kept.txt', content: 'x' });
    expect(said((await ask(anna, 'design', '/vault channel')).blocks)).toContain('Switched off');
    const rows = await withCatalog((db) =>
      db.prepare('select state, reason from file where file_id = ?').all(files[0] as string),
    );
    expect(rows.map((row) => ({ ...row }))).toEqual([{ state: 'skipped', reason: 'capture_off' }]);
    await openRules(carla, 'design');
    await carla.submit(carla.modal()?.id as string, rules());
    await modalSays(carla, /Saved/);
    await carla.command('design', '/vault backfill');
    await until('what was left out', async () =>
      (await vault.s3.list(BUCKET)).some(({ key }) => key.includes(files[0] as string)),
    );
  });

  const rules = () => ({
    capture: chosen('on'),
    confirm: chosen('default'),
    slack_delete: chosen('default'),
  });

  async function openRules(who: PersonClient, where: string) {
    const shown = await ask(who, where, '/vault channel');
    await who.action(shown, 'rules_change', { payload: { value: channel(where) } });
    return who.waitFor(() => who.modal()?.callback_id === 'rules_save' && who.modal());
  }

  it('lets go of what was kept long enough, after saying how much that is, but not of what another channel keeps', async () => {
    const [old, both] = (await share(anna, 'finance', 'old.txt', 'both.txt')) as [string, string];
    anna.post('design', 'here too', { file_ids: [both] });
    await until('the other share', async () => said(await ask(anna, 'design', '/vault list')).includes(both));
    await withCatalog((db) => {
      const longAgo = Date.now() - 100 * DAY_MS;
      for (const id of [old, both]) {
        for (const table of ['share', 'channel_file', 'listing'])
          db.prepare(`update ${table} set shared_at = ? where file_id = ? and channel_id = ?`).run(
            longAgo,
            id,
            channel('finance'),
          );
      }
    });
    await openRules(carla, 'finance');
    await carla.submit(carla.modal()?.id as string, { ...rules(), days: field('90') });
    const sure = await modalSays(carla, /\*1 file\* of this channel would go to the trash now/);
    await carla.submit(sure.id);
    await modalSays(carla, /Saved/);
    const trash = await until('it in the trash', async () => {
      const shown = await ask(anna, 'finance', '/vault trash');
      return said(shown).includes('old.txt') ? shown : undefined;
    });
    expect(said(trash.blocks)).toContain('its time was over');
    expect(said(trash.blocks)).not.toContain('both.txt');
    expect(said(await ask(anna, 'finance', '/vault list'))).toContain('both.txt');
  });

  it('exports a channel’s manifest for its members, and the audit log for admins', async () => {
    const download = async (who: PersonClient, where: string) => {
      const ready = await who.waitFor(() =>
        answers(who, where).findLast((message) => said(message.blocks).includes('export_link')),
      );
      const link = await click(who, where, ready, 'export_link');
      const url = /https?:[^"]+X-Amz-Signature[^"]+/.exec(said(link.blocks))?.[0] as string;
      expect(ben.messages(where).every((message) => !said(message).includes('X-Amz'))).toBe(true);
      return (await fetch(url)).text();
    };
    await ask(anna, 'design', '/vault export');
    const csv = await download(anna, 'design');
    expect(csv).toMatch(/^file_id,name,title/);
    expect(csv).toContain('three.txt');
    expect(csv).not.toContain(vault.slack.workspace.teamId); // no object keys for members
    expect((await ask(anna, 'design', '/vault audit')).text).toContain('Only workspace admins');
    const log = await ask(carla, 'design', '/vault audit action:trashed');
    await carla.action(log, 'audit_csv');
    const rows = (await download(carla, 'design')).split('\r\n');
    expect(rows[0]).toBe('at,who,action,file_id,file_name,channel_id,detail,what,who_name,channel_name');
    expect(rows.filter((row) => row.includes(',trashed,')).length).toBeGreaterThan(2);
    expect(
      (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes('.ria-vault/exports/')),
    ).toHaveLength(2);
  });

  it('the process has not minded', () => {
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
