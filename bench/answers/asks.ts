import { openedHome } from '../../src/catalog/notices/homes.ts';
import { answerMention } from '../../src/commands/mention.ts';
import { publishHome } from '../../src/jobs/home.ts';
import { BIG_CHANNEL, fileAt, isTrashed, TEAM } from '../sample.ts';
import { clickBody, elementOf, type Fields, hasElement, severalIn } from './clicks.ts';
import { PEOPLE, type World } from './world.ts';

/** One thing to time. */
export interface Ask {
  name: string;
  /** Done once, untimed; every `run` gets its result. */
  prepare?: () => Promise<unknown>;
  /** Done before every `run`, untimed; this `run` gets its result instead. */
  before?: () => Promise<unknown>;
  run(prepared: unknown): Promise<unknown>;
}

const { admin, member, guest } = PEOPLE;

/** The names of what people ask for most. This must be quick and stay quick. */
export const EVERYDAY: readonly string[] = [
  ...['list', 'page 50, by Older', 'find common word', 'find rare word', 'find mistyped common word'],
  ...['find mistyped rare word', 'find as a guest', "details in a file's menu", 'stats (picture not drawn)'],
  ...['App Home', 'App Home as admin'],
];

/** Every command as people use it every day, and every click that reads or changes something. */
export function asksOf(world: World, files: number, stepMs: number): Ask[] {
  const command = (text: string, userId = member, channelId = BIG_CHANNEL) =>
    world.deliver('command', { text, user_id: userId, channel_id: channelId });
  const click = (pressed: Fields, userId = member) => world.deliver('action', clickBody(pressed, userId));
  const submit = (view: Fields, values: Fields = {}, userId = member) =>
    world.deliver('view', { user: { id: userId }, view: { id: 'V1', ...view, state: { values } } });
  const on = (screen: unknown, actionId: string, chosen: Fields = {}) => ({
    ...elementOf(screen, actionId),
    ...chosen,
  });
  const typed = (name: string, text: string, userId = member, channelId = BIG_CHANNEL): Ask => ({
    name,
    run: () => command(text, userId, channelId),
  });
  /** A click on what a command shows. */
  const clicked = (
    name: string,
    text: string,
    actionId: string,
    chosen: Fields = {},
    userId = member,
  ): Ask => ({
    name,
    prepare: async () => on(await command(text, userId), actionId, chosen),
    run: (pressed) => click(pressed as Fields, userId),
  });
  /** A click on a filter: the menus are behind one button. */
  const filtered = (name: string, text: string, actionId: string, chosen: Fields = {}): Ask => ({
    name,
    prepare: async () => on(await click(on(await command(text), 'find_open')), actionId, chosen),
    run: (pressed) => click(pressed as Fields),
  });
  const option = (value: string) => ({ selected_option: { value } });
  const putOnHold = () => {
    const values = { person: field({ selected_user: 'U8' }), reason: field({ value: 'bench' }) };
    return submit({ callback_id: 'hold_set' }, values, admin);
  };
  /** A page by its number, reached with Older; in a small catalog, the last page that has an older one. */
  const page = async (number: number, text: string) => {
    let screen = await command(text);
    for (let i = 1; i < number; i++) {
      const next = await click(on(screen, 'list_older'));
      if (!hasElement(next, 'list_older')) break;
      screen = next;
    }
    return screen;
  };
  // The member's own file, in the large channel, not a picture and not in the trash.
  const own = fileAt(ownFile(files), stepMs);
  const askToDelete = () => click({ action_id: 'delete_ask', value: own.fileId });
  const deleteOwn = async () => submit((await askToDelete()) as Fields);
  const undo = () => click({ action_id: 'undo_delete', value: own.fileId });
  const menu = (what: string) =>
    clicked(`${what} in a file's menu`, `find ${own.name}`, 'file_menu', option(`${what}:${own.fileId}`));
  const month = new Date(fileAt(files >> 1, stepMs).at).toISOString().slice(0, 10);

  return [
    typed('list', 'list'),
    typed('list @person', 'list <@U8>'),
    typed('list, rare @person', 'list <@U0RARE>', member, 'C3'),
    typed('list type', 'list type:pdf'),
    typed('list rare type', 'list type:psd', member, 'C7'),
    typed('list family of types', 'list type:image'),
    typed('list before a date', `list before:${month}`),
    typed('list by size', 'list size:>10mb'),
    typed('list common word', 'list report'),
    typed('list person, type, dates, word', `list <@U8> type:pdf before:${month} report`),
    typed('find everything', 'find'),
    typed('find common word', 'find report'),
    typed('find two words', 'find budget 17'),
    typed('find rare word', 'find überblick'),
    typed('find mistyped common word', 'find inovice'),
    typed('find mistyped rare word', 'find uberblikc'),
    typed('find nothing', 'find xyzzy'),
    typed('find word, without another', 'find report -budget'),
    typed('find pattern', 'find *.psd'),
    typed('find pattern, without type', 'find report* -type:pdf'),
    typed('find last week', 'find last week'),
    typed('mine', 'mine'),
    typed('choices', ''),
    typed('find #channel word', 'find <#C3> invoice'),
    typed('find #channel, word that only others have', 'find <#C3> report'),
    typed('find person, type, word', 'find <@U8> type:pdf report'),
    typed('find sha256', 'find sha256:bbbbbbbb'),
    typed('find size, word', 'find size:>10mb report'),
    typed('find as a guest', 'find invoice', guest, 'C3'),
    typed('find as a guest, word that only others have', 'find report', guest, 'C3'),
    typed('find mistyped as a guest', 'find inovice', guest, 'C3'),
    typed('get by name', `get ${own.name}`),
    typed('get by id', `get ${own.fileId}`),
    typed('get, several have it', 'get report'),
    typed('delete', 'delete'),
    typed('delete word', 'delete report'),
    typed('delete mistyped', 'delete reprot'),
    typed('delete as admin', 'delete', admin),
    typed('trash', 'trash'),
    typed('trash as admin', 'trash', admin),
    typed('channel', 'channel'),
    typed('channel as admin', 'channel', admin),
    typed('hold', 'hold', admin),
    typed('audit', 'audit', admin),
    typed('audit @person', 'audit <@U8>', admin),
    typed('audit action', 'audit action:trashed', admin),
    typed('audit file', `audit file:${own.fileId}`, admin),
    typed('audit person, action, dates', `audit <@U8> action:link before:${month}`, admin),
    typed('stats (picture not drawn)', 'stats'),
    typed('stats as admin (picture not drawn)', 'stats', admin),
    typed('status', 'status'),
    typed('status as admin', 'status', admin),
    typed('backfill', 'backfill', admin),
    { ...typed('export', 'export'), before: () => noExports(world) },
    typed('upload', 'upload'),
    typed('help', 'help'),
    typed('an unknown word', 'fnid report'),
    {
      name: '@vault find in a thread',
      run: () =>
        answerMention(world.vault, {
          ...{ userId: member, channelId: BIG_CHANNEL, ts: '2.000000', threadTs: '1.000000' },
          text: '<@U0BOT> find report',
        }),
    },
    {
      name: 'App Home',
      run: () => home(world, member),
    },
    {
      name: 'App Home as admin',
      run: () => home(world, admin),
    },
    clicked('Older, second page', 'list', 'list_older'),
    {
      name: 'Older, tenth page',
      prepare: async () => on(await page(9, 'list'), 'list_older'),
      run: (pressed) => click(pressed as Fields),
    },
    {
      name: 'page 50, by Older',
      prepare: async () => on(await page(49, 'list'), 'list_older'),
      run: (pressed) => click(pressed as Fields),
    },
    {
      name: 'page 50 of what was found, by Older',
      prepare: async () => on(await page(49, 'find report'), 'list_older'),
      run: (pressed) => click(pressed as Fields),
    },
    {
      name: 'Newer, back from the tenth page',
      prepare: async () => on(await page(10, 'list'), 'list_newer'),
      run: (pressed) => click(pressed as Fields),
    },
    clicked('Older of a common word', 'find report', 'list_older'),
    filtered('filter: person', 'find report', 'find_person', { selected_user: 'U8' }),
    filtered('filter: channel', 'find report', 'find_channel', { selected_conversation: 'C3' }),
    filtered('filter: type', 'find report', 'find_type', option('pdf')),
    filtered('filter: time', 'find report', 'find_time', option('after:30d')),
    filtered('filter: clear', 'find report <@U8>', 'find_clear'),
    {
      name: 'Open RIA Vault (shortcut)',
      run: () =>
        world.deliver('shortcut', { callback_id: 'open_vault', user: { id: member }, trigger_id: 't' }),
    },
    menu('download'),
    menu('details'),
    menu('delete'),
    {
      name: 'Details of a picture',
      run: () => click({ action_id: 'show_details', value: picture(files).fileId }),
    },
    { name: 'Download', run: () => click({ action_id: 'download_file', value: own.fileId }) },
    {
      name: 'Share here',
      run: () => click({ action_id: 'share_here', value: `${own.fileId}:${BIG_CHANNEL}` }),
    },
    { name: 'Copy key', run: () => click({ action_id: 'copy_key', value: own.fileId }, admin) },
    { name: 'Delete asks', run: askToDelete },
    {
      name: 'Delete',
      before: async () => {
        if (await isGone(world, own.fileId)) await undo();
        return askToDelete();
      },
      run: (view) => submit(view as Fields),
    },
    {
      name: 'Undo',
      before: async () => {
        if (!(await isGone(world, own.fileId))) await deleteOwn();
      },
      run: undo,
    },
    {
      name: 'Delete ten asks',
      before: () => command('delete', admin),
      run: (chooser) => deleteSeveral(world, chooser),
    },
    clicked('Older in the trash', 'trash', 'trash_older'),
    clicked('Older in the audit log', 'audit', 'audit_older', {}, admin),
    {
      name: 'Audit as CSV (ordered)',
      before: async () => {
        await noExports(world);
        return on(await command('audit', admin), 'audit_csv');
      },
      run: (pressed) => click(pressed as Fields, admin),
    },
    clicked('New hold (form)', 'hold', 'hold_new', {}, admin),
    { name: 'Put on hold', run: putOnHold },
    {
      name: 'Lift a hold',
      before: async () => {
        await putOnHold();
        return on(await command('hold', admin), 'hold_lift');
      },
      run: (pressed) => click(pressed as Fields, admin),
    },
    clicked('Change rules (form)', 'channel', 'rules_change', {}, admin),
    { name: 'Upload (form)', run: () => click({ action_id: 'open_upload', value: 'x' }) },
  ];
}

const field = (value: Fields) => ({ value });

function ownFile(files: number): number {
  // U4 uploads every 500th; 1,000 k + 504 is a zip in the large channel.
  for (let i = Math.floor(files / 2 / 1_000) * 1_000 + 4; i < files; i += 500) {
    if (i % 2 === 0 && !isTrashed(i)) return i;
  }
  return 4;
}

function picture(files: number) {
  for (let i = files >> 1; ; i++) {
    const sample = fileAt(i);
    if (sample.type === 'png' && !isTrashed(i)) return sample;
  }
}

async function isGone({ vault }: World, fileId: string): Promise<boolean> {
  const { state } = await vault.catalog.db
    .selectFrom('file')
    .select('state')
    .where('teamId', '=', TEAM)
    .where('fileId', '=', fileId)
    .executeTakeFirstOrThrow();
  return state === 'trashed';
}

async function deleteSeveral(world: World, chooser: unknown): Promise<unknown> {
  const value = severalIn(chooser);
  return world.deliver('action', clickBody({ action_id: 'delete_several', value }, admin));
}

async function home(world: World, userId: string): Promise<void> {
  const { vault } = world;
  await openedHome(vault.catalog, { teamId: TEAM, userId, now: vault.now() });
  await publishHome(vault, 'bench', { teamId: TEAM, userId });
}

/** A person waits for an export before ordering the next one; here it counts as done at once. */
async function noExports({ vault }: World): Promise<void> {
  await vault.catalog.db.deleteFrom('exportJob').execute();
}
