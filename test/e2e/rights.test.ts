import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeButtonValue } from '../../src/blocks/kit/button-value.ts';
import { encodeCursor } from '../../src/blocks/kit/cursor.ts';
import { until } from '../helpers/vault.ts';
import { openWorld, type RightsWorld, type Turn } from './rights-world.ts';

/**
 * Who may do what, each cell a test: `+` may, `-` is refused, in the public channel (first) and in the private one.
 * Payloads are signed as Slack signs them, and every click is on somebody else's message, with a value that the
 * person was never shown: nothing but the rights of this moment decides. Some of it Slack itself would never send.
 */
const MATRIX = `
                       up  mem out lft sg+ sg- mg+ mg- st+ st- cup dea ad+ ad- own va  aud
  list the channel     ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  find by name         ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  find what was said   ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  list by size         ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  find by name order   ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  get by name          ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  turn a page          ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  download             ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  details              ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  ++
  more details         ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  ++
  retry                ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  share in lobby       ++  ++  +-  +-  --  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  ask to share         ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  share in a window    ++  ++  +-  +-  --  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  give to a person     ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  --  --
  take back a gift     ++  --  --  --  --  --  --  --  --  --  ++  --  ++  +-  +-  ++  --
  save a message       ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  upload to it         ++  ++  --  --  ++  --  ++  --  ++  --  ++  --  ++  --  --  ++  --
  count it in stats    ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  see it in App Home   ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  this week in Home    ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  choose to delete     ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  delete from its row  ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  delete               ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  delete in the modal  ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  delete several       ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  undo                 ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  restore from trash   ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  restore where found  ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  find in the trash    ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  see the trash        ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  ask to purge         --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  delete for good      --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  copy the key         --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  see channel rules    ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
  ask to change rules  --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  change rules         --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  rules from Home      --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  settings in Home     --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  export the channel   ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  ++
  fetch the export     --  ++  --  --  --  --  --  --  --  --  --  --  --  --  --  --  --
  see holds            --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  set a hold           --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  lift a hold          --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  holds in Home        --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  ask to hold a file   --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  its name in a hold   --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  ++
  hold a file          --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  read the audit log   --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  audit log as CSV     --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  audit log in Home    --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  history of a file    --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  ++
  see that it is held  --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  ++
  its name in the log  --  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  ++
  export by its id     ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  ++
  vault's own status   --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  status in Home       --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  retry everything     --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  check everything     --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  find the taken back  ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  --  --
  get the taken back   ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  ++  --
  re-share taken back  ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  ++  --
  unshared by Slack    ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  ++  --
  details once closed  ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  ++  ++
  find once private    ++  ++  --  --  ++  --  ++  --  ++  --  ++  --  ++  --  --  ++  --
  get once private     ++  ++  --  --  ++  --  ++  --  ++  --  ++  --  ++  --  --  ++  --
  find, bot left first ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  --  --
  get, bot left first  ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  --  --
  keep from retention  ++  --  --  --  --  --  --  --  --  --  ++  --  --  --  --  --  --
  stop keeping         ++  --  --  --  --  --  --  --  --  --  --  --  ++  +-  +-  ++  --
  backfill             --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  stop a backfill      --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  stop all backfills   --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  see what is unsaved  --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  join a channel       --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  join all channels    --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  backfill all         --  --  --  --  --  --  --  --  --  --  --  --  ++  ++  ++  ++  --
  find by contents     ++  ++  +-  +-  ++  --  ++  --  ++  --  ++  --  ++  +-  +-  ++  +-
`;

/** The columns: who it is in the public channel, and in the private one. */
const ACTORS: Record<string, { is: string; people: [string, string] }> = {
  up: { is: 'uploader', people: ['uma', 'uma'] },
  mem: { is: 'member of the channel', people: ['mia', 'mia'] },
  out: { is: 'full member of the workspace, not of the channel', people: ['otto', 'otto'] },
  lft: { is: 'full member who has just left the channel', people: ['lea', 'lea'] },
  'sg+': { is: 'single-channel guest in the channel', people: ['sam', 'sid'] },
  'sg-': { is: 'single-channel guest elsewhere', people: ['sid', 'sam'] },
  'mg+': { is: 'multi-channel guest in the channel', people: ['max', 'max'] },
  'mg-': { is: 'multi-channel guest elsewhere', people: ['moe', 'moe'] },
  'st+': { is: 'Slack Connect stranger in the channel', people: ['stan', 'stan'] },
  'st-': { is: 'Slack Connect stranger elsewhere', people: ['stu', 'stu'] },
  cup: { is: 'uploader over Slack Connect, in the channel', people: ['cora', 'cora'] },
  dea: { is: 'uploader whose account is deactivated', people: ['dora', 'dora'] },
  'ad+': { is: 'workspace admin in the channel', people: ['ada', 'ada'] },
  'ad-': { is: 'workspace admin, not in the channel', people: ['alf', 'alf'] },
  own: { is: 'workspace owner, not in the channel', people: ['olga', 'olga'] },
  va: { is: 'member of the channel in VAULT_ADMINS', people: ['vic', 'vic'] },
  aud: { is: 'full member in VAULT_AUDITORS, not in the channel', people: ['audrey', 'audrey'] },
};

const CHANNELS = ['plaza', 'cellar'] as const;
type Where = (typeof CHANNELS)[number];

interface Target {
  userId: string;
  channelId: string;
  fileId: string;
  name: string;
  /** The `ts` of a message with a file. */
  ts: string;
}

type Payload = Record<string, unknown> | URLSearchParams;

interface Deed {
  /** What it needs first, done by somebody who may. */
  before?: (target: Target) => Promise<void>;
  /** It ends in a modal, and Slack takes only so many changes of modals in a minute. */
  modal?: true;
  send: (target: Target, turn: Turn) => Payload;
  /** What the answer has when it was done. */
  done: RegExp | ((target: Target) => RegExp);
  /** What it needs changes the channels, so that it has a bot of its own, with those before it that need the same. */
  world?: string;
  /** A file of its own for each cell, because doing it changes the file. */
  fresh?: true;
}

describe('who may do what', () => {
  let world: RightsWorld;
  const targets = new Map<string, Target>();
  /** What was made ready for those who are refused; nobody uses it up. */
  const prepared = new Map<string, Target>();
  const outcomes = new Map<string, string>();

  /** A bot of its own for every few rows: each may change so many modals in a minute, as Slack limits it. */
  async function begin(kind?: string): Promise<void> {
    world = await openWorld(
      kind === CONTENTS ? { VAULT_TEXT: 'contents', VAULT_READ_PERCENT: '100' } : { VAULT_TEXT: 'words' },
    );
    targets.clear();
    prepared.clear();
    closed.clear();
    const { vault } = world;
    for (const where of CHANNELS) {
      for (const uploader of ['uma', 'dora', 'cora']) {
        const name = `secret-${where}-${uploader}.pdf`;
        const text = `Here are the zebras, ${wordsIn(where, uploader)}.`;
        const content = `Quietly, ${wordsIn(where, uploader)} went behind the harbour.`;
        const { ts, files } = await vault.slack.as(uploader).share(where, { name, content }, { text });
        const about = { channelId: world.channel(where), fileId: files[0] as string, name, ts };
        targets.set(`${where} ${uploader}`, { userId: '', ...about });
      }
    }
    await world.stored([...targets.values()].map(({ fileId }) => fileId));
    const unread = `select count(*) as id from reading where state <> 'read'`;
    const read = `select count(*) as id from reading where state = 'read'`;
    if (kind === CONTENTS)
      await until('all to be read', () => world.read(unread) === '0' && world.read(read) === '6', 150_000);
    // Lea has looked, so that the bot remembers her, and leaves; so has Dora, whose account is closed.
    await world.send((turn) => command(target('plaza', 'lea'), turn, 'list'));
    for (const name of ['lea', 'dora']) for (const where of CHANNELS) vault.slack.as(name).leave(where);
    world.deactivate('dora');
    await vault.slack.deliveries.settled();
  }

  afterAll(() => print(outcomes));

  /** Whose file a person is tried on: their own, where they have one. */
  const ownerFor = (person: string) => (['dora', 'cora'].includes(person) ? person : 'uma');
  const ownerOf = ({ name }: Target) => ['dora', 'cora'].find((one) => name.includes(one)) ?? 'uma';

  function target(where: Where, person: string): Target {
    const found = targets.get(`${where} ${ownerFor(person)}`) as Target;
    return { ...found, userId: world.person(person) };
  }

  const common = () => ({ team: { id: world.vault.slack.workspace.teamId } });

  function command({ userId, channelId }: Target, turn: Turn, text: string): URLSearchParams {
    return new URLSearchParams({
      command: '/vault',
      text,
      user_id: userId,
      channel_id: channelId,
      team_id: world.vault.slack.workspace.teamId,
      response_url: turn.responseUrl,
      trigger_id: 'T',
    });
  }

  function click({ userId }: Target, turn: Turn, action: Record<string, unknown>, state = {}): Payload {
    const lobby = world.channel('lobby');
    return {
      ...common(),
      type: 'block_actions',
      user: { id: userId },
      container: { type: 'message', message_ts: '1.2', channel_id: lobby, is_ephemeral: true },
      channel: { id: lobby },
      trigger_id: 'T',
      response_url: turn.responseUrl,
      state: { values: state },
      actions: [{ type: 'button', block_id: 'b', action_ts: '1.2', ...action }],
    };
  }

  function submit({ userId }: Target, turn: Turn, id: string, metadata: unknown, values = {}): Payload {
    const view = { id: turn.viewId, callback_id: id, private_metadata: JSON.stringify(metadata) };
    return {
      ...common(),
      type: 'view_submission',
      user: { id: userId },
      trigger_id: 'T',
      view: { ...view, type: 'modal', state: { values } },
    };
  }

  const typed = (value: string) => ({ value: { type: 'plain_text_input', value } });
  const as = (who: string, given: Target): Target => ({ ...given, userId: world.person(who) });
  /** Vic is in every channel, and an admin of the vault. */
  const trashed = async (given: Target) => {
    const vic = as('vic', given);
    await world.send((turn) => click(vic, turn, { action_id: 'delete_file', value: given.fileId }));
  };
  let holdId = '';
  const held = async (given: Target) => {
    const values = { file: typed('F0NOSUCH'), reason: typed('a test') };
    await world.send((turn) => submit(as('vic', given), turn, 'hold_set', {}, values));
    holdId = world.read('select hold_id as id from hold where lifted_at is null order by id desc limit 1');
  };
  const called = (channelId: string) =>
    Object.entries(world.vault.slack.workspace.channels).find(([, id]) => id === channelId)?.[0] ?? channelId;
  const isClosed = (fileId: string, channelId: string) =>
    until(
      'it is closed',
      () =>
        world.read(`select channel_id as id from channel_file
      where file_id = '${fileId}' and channel_id = '${channelId}'`) === '',
    );
  /** The uploader deletes the message. Dora's are as they were: she is refused whatever is done. */
  const takenBack = async (given: Target) => {
    if (ownerOf(given) === 'dora') return;
    world.vault.slack.as(ownerOf(given)).remove(given.channelId, given.ts);
    await isClosed(given.fileId, given.channelId);
  };
  /** Slack says that the file left the channel, and of no message. */
  const unshared = async (given: Target) => {
    const { channelId, fileId } = given;
    if (ownerOf(given) === 'dora') return;
    const userId = world.person(ownerOf(given));
    const event = { type: 'file_unshared', file_id: fileId, user_id: userId, channel_id: channelId };
    const at = `${Math.floor(Date.now() / 1_000) + 1}.000100`;
    world.vault.slack.event(channelId, { ...event, file: { id: fileId }, event_ts: at });
    await isClosed(fileId, channelId);
  };
  /** A file that lives where nobody else is; it was in this channel by mistake, for a moment. */
  const reSharedAndTakenBack = async (given: Target) => {
    if (ownerOf(given) === 'dora') return;
    const owner = world.vault.slack.as(ownerOf(given));
    owner.remove(given.channelId, given.ts);
    owner.post('attic', 'here it belongs', { file_ids: [given.fileId] });
    const again = owner.post(given.channelId, 'oops', { file_ids: [given.fileId] });
    owner.remove(given.channelId, again);
    await world.vault.slack.deliveries.settled();
    await isClosed(given.fileId, given.channelId);
  };
  /** Channels that were made private in this world, whichever way. */
  const closed = new Set<string>();
  /** The public channel is made private, the bot being in it. */
  const madePrivate = async ({ channelId }: Target) => {
    if (channelId !== world.channel('plaza') || closed.has(channelId)) return;
    closed.add(channelId);
    world.vault.slack.makePrivate('plaza');
    await world.vault.slack.deliveries.settled();
  };
  /** The bot is removed first, so that Slack does not tell it that the channel is private from then on. */
  const leftAndMadePrivate = async ({ channelId, name }: Target) => {
    if (closed.has(channelId)) return;
    closed.add(channelId);
    const isOpen = channelId === world.channel('plaza');
    world.vault.slack.as('mia').kick(isOpen ? 'plaza' : 'cellar');
    if (isOpen) world.vault.slack.makePrivate('plaza');
    await world.vault.slack.deliveries.settled();
    // What Slack said of the channel is kept for a minute.
    const asOtto = { ...target('plaza', 'otto'), channelId: world.channel('lobby') };
    const found = async () => {
      await sleep(1_000);
      return world.send((turn) => command(asOtto, turn, `find ${name}`));
    };
    await until('nobody else sees it', async () => !(await found()).includes(fileOf(name)), 90_000);
  };
  const fileOf = (name: string) => [...targets.values()].find((one) => one.name === name)?.fileId ?? name;
  const whereOf = ({ channelId }: Target): Where =>
    channelId === world.channel('plaza') ? 'plaza' : 'cellar';
  let exportId = '';
  const exported = async (given: Target) => {
    await world.send((turn) => command(as('mia', given), turn, 'export'));
    exportId = await world.exportOf(world.person('mia'));
  };

  const chosen = (channel: string) => ({ value: { selected_conversation: world.channel(channel) } });
  const gift = (t: Target, turn: Turn) => {
    const person = { value: { type: 'users_select', selected_user: world.person('rolf') } };
    return submit(t, turn, 'share_file', { fileId: t.fileId }, { person });
  };
  const given = async (file: Target) => {
    await world.send((turn) => gift(as(ownerOf(file), file), turn));
  };
  /** The channel lets its files go one day, and lets uploaders keep theirs. */
  const mayKeep = async (file: Target) => {
    const { channelId } = file;
    const values = { days: typed('3000'), may_keep: typed('on') };
    await world.send((turn) => submit(as('vic', file), turn, 'rules_save', { channelId }, values));
  };
  const keep = (t: Target, turn: Turn) =>
    click(t, turn, { action_id: 'leaving_keep', value: encodeButtonValue(t.fileId) });
  const kept = async (file: Target) => {
    await mayKeep(file);
    await world.send((turn) => keep(as(ownerOf(file), file), turn));
  };

  const DEEDS: Record<string, Deed> = {
    'list the channel': {
      send: (t, turn) => command(t, turn, `list ${t.name}`),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'find by name': {
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, `find ${t.name}`),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'find what was said': {
      send: (t, turn) =>
        command(
          { ...t, channelId: world.channel('lobby') },
          turn,
          `find zebra ${wordsIn(whereOf(t), ownerOf(t))} in:text`,
        ),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'list by size': {
      send: (t, turn) => command(t, turn, 'list sort:size'),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'find by name order': {
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, 'find sort:name'),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'get by name': {
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, `get ${t.name}`),
      done: /X-Amz-Signature/,
    },
    'turn a page': {
      send(t, turn) {
        const cursor = { direction: 'older', rank: 0, sharedAt: Date.now() + 1e6, fileId: 'Z' } as const;
        const value = encodeCursor({ channelId: t.channelId, query: '', cursor });
        return click(t, turn, { action_id: 'list_older', value });
      },
      done: ({ fileId }) => new RegExp(fileId),
    },
    download: {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'download_file', value: t.fileId }),
      done: /X-Amz-Signature/,
    },
    details: {
      modal: true,
      send: (t, turn) => click(t, turn, menu('file_menu', `details:${t.fileId}`)),
      done: /File details/,
    },
    'more details': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'details_more', value: `${t.fileId}:` }),
      done: /details_less/,
    },
    retry: {
      send: (t, turn) => click(t, turn, { action_id: 'retry_file', value: t.fileId }),
      done: /needs no retry/,
    },
    'share in lobby': {
      modal: true,
      fresh: true,
      send: (t, turn) =>
        click(t, turn, { action_id: 'share_here', value: `${t.fileId}:${world.channel('lobby')}` }),
      done: /Shared .* in|Posted a card/,
    },
    'ask to share': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'share_ask', value: t.fileId }),
      done: /share_file/,
    },
    'share in a window': {
      modal: true,
      fresh: true,
      send: (t, turn) => submit(t, turn, 'share_file', { fileId: t.fileId }, { channel: chosen('lobby') }),
      done: /Shared .* in|Posted a card/,
    },
    'give to a person': {
      modal: true,
      fresh: true,
      send: gift,
      done: /can now open/,
    },
    'take back a gift': {
      fresh: true,
      before: given,
      send(t, turn) {
        const value = encodeButtonValue(t.fileId, world.person('rolf'), '');
        return click(t, turn, { action_id: 'share_back', value });
      },
      done: /Taken back/,
    },
    'save a message': {
      modal: true,
      send: (t, turn) => ({
        ...common(),
        type: 'message_action',
        callback_id: 'save_to_vault',
        user: { id: t.userId },
        channel: { id: t.channelId },
        message: { ts: t.ts },
        message_ts: t.ts,
        trigger_id: 'T',
        response_url: turn.responseUrl,
      }),
      done: /1 file is/,
    },
    'upload to it': {
      modal: true,
      send: (t, turn) =>
        submit(
          t,
          turn,
          'upload',
          {},
          {
            where: { where: { selected_conversation: t.channelId } },
            files: { files: { files: [{ id: t.fileId }] } },
          },
        ),
      // The file is another person's, or was not given in the modal; the channel came first.
      done: /only take files that you have just uploaded|can open this as soon as it is saved/,
    },
    'count it in stats': {
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, 'stats'),
      done: ({ channelId }) => new RegExp(`#${called(channelId)} ·`),
    },
    'see it in App Home': {
      send: (t) => ({ home: t.userId }),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'this week in Home': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'home_week', value: 'week' }),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'choose to delete': {
      send: (t, turn) => command(t, turn, `delete ${t.name}`),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'delete from its row': {
      modal: true,
      send: (t, turn) => click(t, turn, menu('file_menu', `delete:${t.fileId}`)),
      done: /delete_confirm/,
    },
    delete: {
      fresh: true,
      send: (t, turn) => click(t, turn, { action_id: 'delete_file', value: t.fileId }),
      done: /Deleted:/,
    },
    'delete in the modal': {
      modal: true,
      fresh: true,
      send: (t, turn) => submit(t, turn, 'delete_confirm', { fileId: t.fileId, channelId: t.channelId }),
      done: /Deleted:/,
    },
    'delete several': {
      modal: true,
      fresh: true,
      send: (t, turn) =>
        submit(t, turn, 'delete_several_confirm', { fileIds: [t.fileId], channelId: t.channelId }),
      done: ({ name }) => new RegExp(name.replaceAll('.', '\\.')),
    },
    undo: {
      fresh: true,
      before: trashed,
      send: (t, turn) => click(t, turn, { action_id: 'undo_delete', value: t.fileId }),
      done: /Restored/,
    },
    'restore from trash': {
      fresh: true,
      before: trashed,
      send: (t, turn) => click(t, turn, { action_id: 'trash_restore', value: t.fileId }),
      done: /Restored/,
    },
    'restore where found': {
      fresh: true,
      before: trashed,
      send: (t, turn) => click(t, turn, { action_id: 'find_restore', value: t.fileId }),
      done: /Restored/,
    },
    'find in the trash': {
      fresh: true,
      before: trashed,
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, `find ${t.name}`),
      done: /In the trash since/,
    },
    'see the trash': {
      fresh: true,
      before: trashed,
      send: (t, turn) => command(t, turn, 'trash'),
      done: ({ name }) => new RegExp(name.replaceAll('.', '\\.')),
    },
    'ask to purge': {
      modal: true,
      fresh: true,
      before: trashed,
      send: (t, turn) => click(t, turn, menu('trash_menu', `purge:${t.fileId}`)),
      done: /purge_confirm/,
    },
    'delete for good': {
      modal: true,
      fresh: true,
      before: trashed,
      send: (t, turn) =>
        submit(t, turn, 'purge_confirm', { fileId: t.fileId, name: t.name }, { typed: typed(t.name) }),
      done: ({ name }) => new RegExp(name.replaceAll('.', '\\.')),
    },
    'copy the key': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'copy_key', value: t.fileId }),
      done: ({ channelId, fileId }) => new RegExp(`${channelId}/.*${fileId}`),
    },
    'see channel rules': {
      send: (t, turn) => command(t, turn, 'channel'),
      done: ({ channelId }) => new RegExp(`Settings of\\W+${called(channelId)}`),
    },
    'ask to change rules': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'rules_change', value: t.channelId }),
      done: /rules_save/,
    },
    'change rules': {
      modal: true,
      send: (t, turn) => submit(t, turn, 'rules_save', { channelId: t.channelId }, { days: typed('') }),
      done: /Nothing was changed|Saved/,
    },
    'rules from Home': {
      modal: true,
      send(t, turn) {
        const chosen = { type: 'conversations_select', selected_conversation: t.channelId };
        return click(t, turn, { action_id: 'settings_channel', ...chosen });
      },
      done: /rules_save/,
    },
    'settings in Home': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'home_settings', value: 'all' }),
      done: /settings_channel/,
    },
    'export the channel': {
      send: (t, turn) => command(t, turn, 'export'),
      done: ({ channelId }) => new RegExp(`<#${channelId}>`),
    },
    'fetch the export': {
      before: exported,
      send: (t, turn) => click(t, turn, { action_id: 'export_link', value: exportId }),
      done: /X-Amz-Signature/,
    },
    'see holds': { send: (t, turn) => command(t, turn, 'hold'), done: /hold_new/ },
    'set a hold': {
      modal: true,
      send: (t, turn) =>
        submit(t, turn, 'hold_set', {}, { file: typed('F0NOSUCH'), reason: typed('a test') }),
      done: /F0NOSUCH/,
    },
    'lift a hold': {
      modal: true,
      before: held,
      send: (t, turn) => click(t, turn, { action_id: 'hold_lift', value: holdId }),
      done: /hold_new/,
    },
    'holds in Home': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'home_holds', value: 'all' }),
      done: /hold_new/,
    },
    'ask to hold a file': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'hold_ask', value: t.fileId }),
      done: /This will hold 1 file/,
    },
    'its name in a hold': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'hold_ask', value: t.fileId }),
      done: ({ name }) => new RegExp(name.replaceAll('.', '\\.')),
    },
    'hold a file': {
      modal: true,
      fresh: true,
      send: (t, turn) => submit(t, turn, 'hold_files', { fileIds: [t.fileId] }, { reason: typed('a test') }),
      // By its name for those who may know it.
      done: ({ fileId, name }) => new RegExp(`On hold: .*(?:${fileId}|${name.replaceAll('.', '\\.')})`),
    },
    'read the audit log': { send: (t, turn) => command(t, turn, 'audit'), done: /audit_csv/ },
    'audit log as CSV': {
      send: (t, turn) =>
        click(t, turn, { action_id: 'audit_csv', value: encodeButtonValue(world.channel('lobby'), '') }),
      done: /CSV|audit log|being made for you already/,
    },
    'audit log in Home': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'home_audit', value: 'all' }),
      done: /audit_csv/,
    },
    'history of a file': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'file_history', value: t.fileId }),
      done: /audit_csv/,
    },
    'see that it is held': {
      modal: true,
      fresh: true,
      async before(given) {
        const values = { file: typed(given.fileId), reason: typed('a test') };
        await world.send((turn) => submit(as('vic', given), turn, 'hold_set', {}, values));
      },
      send: (t, turn) => click(t, turn, menu('file_menu', `details:${t.fileId}`)),
      done: /On hold since/,
    },
    'its name in the log': {
      send: (t, turn) =>
        command({ ...t, channelId: world.channel('lobby') }, turn, `audit file:${t.fileId} action:stored`),
      done: ({ name }) => new RegExp(name.replaceAll('.', '\\.')),
    },
    'export by its id': {
      send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, `export ${t.channelId}`),
      done: ({ channelId }) => new RegExp(`<#${channelId}>`),
    },
    'vault’s own status': { send: (t, turn) => command(t, turn, 'status'), done: /For admins/ },
    'status in Home': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'home_status', value: 'all' }),
      done: /For admins/,
    },
    'retry everything': {
      send: (t, turn) => click(t, turn, { action_id: 'retry_all', value: 'all' }),
      done: /nothing to try again|Trying/,
    },
    'check everything': {
      send: (t, turn) => click(t, turn, { action_id: 'check_everything', value: 'all' }),
      done: /Everything checked/,
    },
    'find the taken back': {
      fresh: true,
      before: takenBack,
      send: (t, turn) => command(t, turn, `find ${t.name}`),
      done: ({ fileId }) => new RegExp(fileId),
    },
    'get the taken back': {
      fresh: true,
      before: takenBack,
      send: (t, turn) => click(t, turn, { action_id: 'download_file', value: t.fileId }),
      done: /X-Amz-Signature/,
    },
    're-share taken back': {
      fresh: true,
      before: reSharedAndTakenBack,
      send: (t, turn) => click(t, turn, { action_id: 'download_file', value: t.fileId }),
      done: /X-Amz-Signature/,
    },
    'unshared by Slack': {
      fresh: true,
      before: unshared,
      send: (t, turn) => click(t, turn, { action_id: 'download_file', value: t.fileId }),
      done: /X-Amz-Signature/,
    },
    'details once closed': {
      modal: true,
      fresh: true,
      before: takenBack,
      send: (t, turn) => click(t, turn, menu('file_menu', `details:${t.fileId}`)),
      done: /File details/,
    },
    ...Object.fromEntries(
      [
        { when: 'once private', before: madePrivate },
        { when: 'bot left first', before: leftAndMadePrivate },
      ].flatMap(
        ({ when, before }): Array<[string, Deed]> => [
          [
            when === 'once private' ? `find ${when}` : `find, ${when}`,
            {
              world: when,
              before,
              send: (t, turn) => command({ ...t, channelId: world.channel('lobby') }, turn, `find ${t.name}`),
              done: ({ fileId }) => new RegExp(fileId),
            },
          ],
          [
            when === 'once private' ? `get ${when}` : `get, ${when}`,
            {
              world: when,
              before,
              send: (t, turn) => click(t, turn, { action_id: 'download_file', value: t.fileId }),
              done: /X-Amz-Signature/,
            },
          ],
        ],
      ),
    ),
    'keep from retention': {
      fresh: true,
      world: 'retention',
      before: mayKeep,
      send: keep,
      done: /does not go to the trash by itself/,
    },
    'stop keeping': {
      fresh: true,
      world: 'retention',
      before: kept,
      send: (t, turn) => click(t, turn, { action_id: 'keep_end', value: t.fileId }),
      done: /can go to the trash by itself again/,
    },
    backfill: {
      send: (t, turn) => command(t, turn, 'backfill'),
      done: ({ channelId }) => new RegExp(channelId),
    },
    'stop a backfill': {
      send: (t, turn) => click(t, turn, { action_id: 'backfill_stop', value: 'x' }),
      done: /Nothing is running here/,
    },
    'stop all backfills': {
      send: (t, turn) => click(t, turn, { action_id: 'backfill_all_stop', value: 'x' }),
      done: /Nothing is running here/,
    },
    'see what is unsaved': {
      modal: true,
      send: (t, turn) => click(t, turn, { action_id: 'coverage', value: 'all' }),
      done: /public channels? saved/,
    },
    // The app of these tests lacks the scope: who may hears what it needs.
    'join a channel': {
      send: (t, turn) => click(t, turn, { action_id: 'join_channel', value: t.channelId }),
      done: /manifest\.join\.json/,
    },
    'join all channels': {
      send: (t, turn) => click(t, turn, { action_id: 'join_all', value: 'all' }),
      // The bot of these tests is in both public channels, and the Slack in between names no scopes.
      done: /no channel left to join/,
    },
    'backfill all': {
      send: (t, turn) => command(t, turn, 'backfill all'),
      done: /older files/i,
    },
    'find by contents': {
      world: CONTENTS,
      send: (t, turn) =>
        command({ ...t, channelId: world.channel('lobby') }, turn, `find ${wordsIn(whereOf(t), ownerOf(t))}`),
      done: /went behind the harbour/,
    },
  };

  const { actors, rows } = readMatrix(MATRIX);

  it('has a row for each deed, and a column for each kind of person', () => {
    expect(rows.map(({ deed }) => deed)).toEqual(Object.keys(DEEDS).map((name) => name.replace('’', "'")));
    expect(actors).toEqual(Object.keys(ACTORS));
  });

  function testRow(row: string, cells: Row['cells']): void {
    const deed = deedOf(row);
    for (const [column, expected] of cells) {
      for (const [index, where] of CHANNELS.entries()) {
        const who = ACTORS[column] as (typeof ACTORS)[string];
        const may = expected[index] === '+';
        const place = where === 'plaza' ? 'public' : 'private';
        it(`${who.is}, ${place} channel: ${may ? 'may' : 'is refused'}`, async () => {
          const cell = `${row}/${column}/${index}`;
          outcomes.set(cell, 'x');
          const given = await ready(row, where, who.people[index as 0 | 1], may);
          const answer = await perform(deed, given);
          const done = typeof deed.done === 'function' ? deed.done(given) : deed.done;
          if (may) expect(answer).toMatch(done);
          else {
            // What the person typed is said back to them, and whoever may open the file reads where that is so.
            const isKnown = row === 'see that it is held' && mayIn('details', column, index);
            const said = SAID_BACK.has(row) ? answer.replaceAll(given.name, '') : answer;
            const told = isKnown ? said.replaceAll(`#${where}`, '') : said;
            expect(told).not.toMatch(done);
            expect(told).not.toContain(given.name);
            expect(told).not.toContain(where);
          }
          outcomes.set(cell, may ? '+' : '-');
        });
      }
    }
  }

  /** The file to try it on, with all that it needs. */
  async function ready(row: string, where: Where, person: string, may: boolean): Promise<Target> {
    const deed = deedOf(row);
    const userId = world.person(person);
    const key = `${row} ${where} ${ownerFor(person)}`;
    const known = may ? undefined : prepared.get(key);
    if (known !== undefined) return { ...known, userId };
    const given = deed.fresh && person !== 'dora' ? await freshTarget(where, person) : target(where, person);
    await deed.before?.(given);
    if (!may) prepared.set(key, given);
    return given;
  }

  const mayIn = (row: string, column: string, index: number) =>
    new Map(rows.find(({ deed }) => deed === row)?.cells).get(column)?.[index] === '+';

  const deedOf = (row: string) => DEEDS[row.replace("'", '’')] as Deed;

  /** Rows in their order, with two that end in modals in each part at most: more would have to wait. */
  function parts(all: Row[]): Row[][] {
    const found: Row[][] = [[]];
    let modals = 0;
    let last: string | undefined;
    for (const row of all) {
      const deed = deedOf(row.deed);
      modals += deed.modal ? 1 : 0;
      if (modals > 2 || deed.world !== last) {
        found.push([]);
        modals = deed.modal ? 1 : 0;
      }
      last = deed.world;
      found.at(-1)?.push(row);
    }
    return found;
  }

  const SAID_BACK = new Set([
    ...['list the channel', 'find by name', 'find in the trash', 'get by name', 'choose to delete'],
    // Whoever sees the file sees its name, and not the hold.
    'see that it is held',
    ...['find the taken back', 'find once private', 'find, bot left first'],
  ]);

  async function perform(deed: Deed, given: Target): Promise<string> {
    const first = deed.send(given, { responseUrl: '', viewId: '' });
    if (!(first instanceof URLSearchParams) && typeof first.home === 'string') return world.home(first.home);
    return world.send((turn) => deed.send(given, turn));
  }

  let made = 0;
  async function freshTarget(where: Where, person: string): Promise<Target> {
    made += 1;
    const given = target(where, person);
    const owner = ownerFor(person);
    const name = `secret-${made}-${where}-${owner}.pdf`;
    const { ts, files } = await world.vault.slack.as(owner).share(where, { name, content: name });
    const fileId = files[0] as string;
    await world.stored([fileId]);
    return { ...given, fileId, name, ts };
  }

  function print(seen: Map<string, string>): void {
    const lines = rows.map(({ deed, cells }) => {
      const marks = cells.map(([column]) =>
        [0, 1].map((i) => seen.get(`${deed}/${column}/${i}`) ?? '?').join(''),
      );
      return `  ${deed.padEnd(20)} ${marks.map((mark) => mark.padEnd(4)).join('')}`;
    });
    const legend = Object.entries(ACTORS).map(([column, { is }]) => `  ${column.padEnd(4)} ${is}`);
    process.stdout.write(
      `\nWho may do what, as tested: + allowed, - refused, x not as expected; public and private channel\n${legend.join('\n')}\n\n  ${''.padEnd(21)}${actors.map((one) => one.padEnd(4)).join('')}\n${lines.join('\n')}\n\n`,
    );
  }

  for (const [number, part] of parts(rows).entries()) {
    describe(`part ${number + 1}`, () => {
      beforeAll(() => begin(deedOf(part[0]?.deed ?? '').world));
      afterAll(() => world?.close());
      for (const { deed, cells } of part) describe(deed, () => testRow(deed, cells));
    });
  }
});

/** The bot that reads files. */
const CONTENTS = 'contents';

/** Words that stand in this file alone, and in no name. */
function wordsIn(where: Where, uploader: string): string {
  const bird = { plaza: 'nightingales', cellar: 'woodpeckers' }[where];
  const colour = { uma: 'amber', dora: 'copper', cora: 'violet' }[uploader];
  return `${colour} ${bird}`;
}

function menu(action_id: string, value: string): Record<string, unknown> {
  return { action_id, type: 'overflow', selected_option: { value } };
}

interface Row {
  deed: string;
  /** Each column's name, and its two cells. */
  cells: Array<[string, string]>;
}

function readMatrix(text: string): { actors: string[]; rows: Row[] } {
  const [head = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const actors = head.trim().split(/\s+/);
  const rows = lines.map((line) => {
    const cells = line.slice(23).trim().split(/\s+/);
    return {
      deed: line.slice(0, 23).trim(),
      cells: actors.map((actor, index): [string, string] => [actor, cells[index] ?? '']),
    };
  });
  return { actors, rows };
}
