import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeButtonValue } from '../../src/blocks/kit/button-value.ts';
import { until } from '../helpers/vault.ts';
import { openWorld, type RightsWorld, type Turn } from './rights-world.ts';

type Payload = Record<string, unknown> | URLSearchParams;

interface Deed {
  /** What it needs first. */
  before?: () => Promise<unknown>;
  send: (turn: Turn) => Payload;
  /** What was done of it so far, in the bot's catalog; else only the answers are counted. */
  done?: string;
  /** What is done after it, so that doing it again would be seen. */
  meanwhile?: () => Promise<unknown>;
  /** Is read afterwards, and is as `meanwhile` left it. */
  state?: [query: string, is: string];
}

/**
 * Slack's signature is good for five minutes. Whoever has come by a request may send it again as it is; what it orders
 * is done once all the same, whatever was done in between.
 */
describe('a command or a click that is sent again, word for word', () => {
  let world: RightsWorld;
  let turns = 0;
  let fileId = '';
  let name = '';
  let ts = '';

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());

  /** Vic is an admin of the vault, and in every channel. */
  const common = (who: string) => ({
    team: { id: world.vault.slack.workspace.teamId },
    user: { id: world.person(who) },
    // Slack gives each an id of its own.
    trigger_id: `13345224609.738474920.${(++turns).toString(16).padStart(20, '8')}`,
  });
  const command = (text: string) => (turn: Turn) => {
    const { team, user, trigger_id } = common('vic');
    return new URLSearchParams({
      ...{ command: '/vault', text, user_id: user.id, channel_id: world.channel('plaza'), team_id: team.id },
      ...{ response_url: turn.responseUrl, trigger_id },
    });
  };
  const click = (action_id: string, value: () => string, who = 'vic') => {
    return (turn: Turn) => ({
      ...common(who),
      type: 'block_actions',
      container: {
        type: 'message',
        message_ts: '1.2',
        channel_id: world.channel('plaza'),
        is_ephemeral: true,
      },
      channel: { id: world.channel('plaza') },
      response_url: turn.responseUrl,
      state: { values: {} },
      actions: [{ type: 'button', block_id: 'b', action_ts: '1.2', action_id, value: value() }],
    });
  };
  const submit = (
    callback_id: string,
    metadata: () => unknown,
    values: () => object = () => ({}),
    who = 'vic',
  ) => {
    return (turn: Turn) => ({
      ...common(who),
      type: 'view_submission',
      view: {
        ...{ id: turn.viewId, callback_id, type: 'modal', private_metadata: JSON.stringify(metadata()) },
        state: { values: values() },
      },
    });
  };
  const typed = (value: string) => ({ value: { type: 'plain_text_input', value } });

  const file = () => fileId;
  const about = () => ({ fileId, channelId: world.channel('plaza') });
  const deleted = () => world.send(click('delete_file', file));
  const restored = () => world.send(click('undo_delete', file));
  const state = (is: string): [string, string] => ['select state as id from file where file_id = ?', is];
  const audited = (action: string) =>
    `select count(*) as id from audit where action = '${action}' and file_id = ?`;
  const held = () =>
    world.send(
      submit(
        'hold_set',
        () => ({}),
        () => ({ file: typed(fileId), reason: typed('a case') }),
      ),
    );
  const holdId = () =>
    world.read(`select hold_id as id from hold where file_id = '${fileId}' order by id desc limit 1`);
  const ownFile = async () => {
    const { files } = await world.vault.slack.as('vic').share('lobby', { name: 'own.pdf', content: 'own' });
    fileId = files[0] as string;
    await world.stored([fileId]);
  };
  const madeExport = async () => {
    await world.send(
      click('audit_csv', () => encodeButtonValue(world.channel('plaza'), 'action:link') ?? ''),
    );
    // Each comes with its first link; what is counted is the click for a new one.
    const waiting = `select count(*) as id from export_job where state <> 'delivered'`;
    await until('it is delivered', () => world.read(waiting) === '0');
  };

  const DEEDS: Record<string, Deed> = {
    '/vault export': {
      send: command('export'),
      done: `select count(*) as id from export_job where kind = 'manifest'`,
    },
    '/vault backfill': { send: command('backfill'), done: 'select count(*) as id from backfill' },
    '/vault get': { send: (turn) => command(`get ${name}`)(turn), done: audited('link') },
    'start of a backfill': {
      // Of the offer in another channel, as this one has been walked through.
      send: (turn) => ({
        ...click('backfill_start', () => 'x')(turn),
        channel: { id: world.channel('lobby') },
      }),
      done: 'select count(*) as id from backfill',
    },
    'stop of a backfill': { send: click('backfill_stop', () => 'x') },
    download: { send: click('download_file', file), done: audited('link') },
    'delete, undone meanwhile': {
      send: click('delete_file', file),
      done: audited('trashed'),
      meanwhile: restored,
      state: state('stored'),
    },
    'delete in the modal, undone meanwhile': {
      send: submit('delete_confirm', about),
      done: audited('trashed'),
      meanwhile: restored,
      state: state('stored'),
    },
    'delete several, undone meanwhile': {
      send: submit('delete_several_confirm', () => ({
        fileIds: [fileId],
        channelId: world.channel('plaza'),
      })),
      done: audited('trashed'),
      meanwhile: restored,
      state: state('stored'),
    },
    'undo, deleted again meanwhile': {
      before: deleted,
      send: click('undo_delete', file),
      done: audited('restored'),
      meanwhile: deleted,
      state: state('trashed'),
    },
    'restore from the trash, deleted again meanwhile': {
      before: deleted,
      send: click('trash_restore', file),
      done: audited('restored'),
      meanwhile: deleted,
      state: state('trashed'),
    },
    'delete for good': {
      before: deleted,
      send: submit(
        'purge_confirm',
        () => ({ fileId, name }),
        () => ({ typed: typed(name) }),
      ),
      done: audited('purge_ordered'),
    },
    'set a hold, lifted meanwhile': {
      send: submit(
        'hold_set',
        () => ({}),
        () => ({ file: typed(fileId), reason: typed('a case') }),
      ),
      done: 'select count(*) as id from hold where file_id = ?',
      meanwhile: () => world.send(click('hold_lift', holdId)),
      state: ['select count(*) as id from hold where file_id = ? and lifted_at is null', '0'],
    },
    'lift a hold': {
      before: held,
      send: click('hold_lift', holdId),
      done: `select count(*) as id from hold where file_id = ? and lifted_at is not null`,
      meanwhile: held,
      state: ['select count(*) as id from hold where file_id = ? and lifted_at is null', '1'],
    },
    'save rules, changed back meanwhile': {
      send: submit(
        'rules_save',
        () => ({ channelId: world.channel('plaza') }),
        () => ({ days: typed('300') }),
      ),
      done: `select count(*) as id from audit where action = 'rules'`,
      meanwhile: () =>
        world.send(
          submit(
            'rules_save',
            () => ({ channelId: world.channel('plaza') }),
            () => ({ days: typed('') }),
          ),
        ),
    },
    'export of the audit log': {
      send: click('audit_csv', () => encodeButtonValue(world.channel('plaza'), '') ?? ''),
      done: `select count(*) as id from export_job where kind = 'audit'`,
    },
    'link to an export': {
      before: madeExport,
      send: click('export_link', () =>
        world.read(
          `select export_id as id from export_job where kind = 'audit' and object_key is not null order by export_job.id desc limit 1`,
        ),
      ),
      done: `select count(*) as id from audit where action = 'exported' and detail like '%fetched%'`,
    },
    retry: { send: click('retry_file', file) },
    'retry everything': { send: click('retry_all', () => 'all') },
    'check everything': { send: click('check_everything', () => 'all') },
    'share here': {
      send: click('share_here', () => `${fileId}:${world.channel('lobby')}`),
      done: audited('posted'),
    },
    upload: {
      before: ownFile,
      send: submit(
        'upload',
        () => ({}),
        () => ({
          where: { where: { selected_conversation: world.channel('plaza') } },
          files: { files: { files: [{ id: fileId }] } },
        }),
      ),
      done: 'select count(distinct channel_id) as id from share where file_id = ?',
    },
    'save a message': {
      send: (turn) => ({
        ...common('vic'),
        ...{ type: 'message_action', callback_id: 'save_to_vault', channel: { id: world.channel('plaza') } },
        ...{ message: { ts }, message_ts: ts, response_url: turn.responseUrl },
      }),
    },
    'same channel': {
      send: click('same_channel', () => `${world.channel('plaza')} ${world.channel('lobby')}`),
    },
  };

  const read = (query: string) => world.read(query.replace('?', `'${fileId}'`));

  it.each(Object.keys(DEEDS))('%s: is done once', async (deed) => {
    const { before, send, done, meanwhile, state } = DEEDS[deed] as Deed;
    name = `again-${++turns}.pdf`;
    const shared = await world.vault.slack.as('uma').share('plaza', { name, content: name });
    [fileId, ts] = [shared.files[0] as string, shared.ts];
    await world.stored([fileId]);
    await before?.();
    const undone = done === undefined ? 0 : Number(read(done));
    await world.send(send);
    const isDone = () => done === undefined || Number(read(done)) === undone + 1;
    await until('it is done', isDone);
    const known = () => world.bot.log.filter(({ code }) => code === 'replayed').length;
    const replays = known();
    const again = world.recall();
    await meanwhile?.();
    const [answers, doneByThen] = [world.answers(), done && read(done)];
    await again();
    await again();
    await until('both were known', () => known() >= replays + 2);
    await sleep(200);
    // The word that an export is ready may come now.
    if (!deed.includes('export')) expect(world.answers()).toBe(answers);
    expect(known()).toBe(replays + 2);
    if (state !== undefined) expect(read(state[0])).toBe(state[1]);
    expect(done && read(done)).toBe(doneByThen);
  });

  it('the process has not minded', () => {
    expect(world.bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it('a bot that starts later knows what came before', async () => {
    await ownFile();
    await deleted();
    await world.send(click('undo_delete', file));
    await until('it is back', () => read('select state as id from file where file_id = ?') === 'stored');
    const again = world.recall();
    await deleted();
    await world.bot.kill();
    const next = await world.vault.startBot();
    await again(next.port);
    await until('it was known', () => next.log.some(({ code }) => code === 'replayed'));
    await sleep(200);
    expect(next.log.filter(({ code }) => code === 'replayed')).toHaveLength(1);
    expect(read('select state as id from file where file_id = ?')).toBe('trashed');
  });
});
