/**
 * What the workspace remembers: people, channels, messages, files, Home views. All of it is held in memory and
 * every change is written to SQLite before the call returns, so that a killed sandbox starts where it stopped.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newId, seconds, tsSource } from './ids.ts';
import { type Messages, openMessages } from './state-messages.ts';
import { openTable, type Table } from './state-table.ts';
import type {
  ChannelRecord,
  FileRecord,
  Grid,
  Json,
  MessageRecord,
  PersonRecord,
  Seed,
  ViewRecord,
} from './types.ts';

/** Who the workspace and its app are. */
export interface Identity {
  /** The workspace; of an organisation, its first one. */
  teamId: string;
  teamName: string;
  domain: string;
  appId: string;
  botId: string;
  botUserId: string;
  /** Set if a whole organisation installed the app. */
  organisation?: Organisation;
}

/** An organisation of several workspaces. */
export interface Organisation {
  id: string;
  name: string;
  domain: string;
  workspaces: Array<{ id: string; name: string; domain: string }>;
  /** The workspaces that the app was added to. */
  granted: string[];
}

export interface State {
  identity: Identity;
  people: Table<PersonRecord>;
  channels: Table<ChannelRecord>;
  messages: Messages;
  /** Ephemeral messages, by `channel/ts`. Gone after a restart, as Slack promises no more. */
  ephemerals: Map<string, MessageRecord>;
  files: Table<FileRecord>;
  homes: Table<ViewRecord>;
  responseUrls: Table<Json>;
  /** Events that the app has not acknowledged yet. */
  pending: Table<Json>;
  /** The next message timestamp. */
  nextTs(): string;
  /** Keeps a change of `identity`. */
  saveIdentity(): void;
  /** Where the bytes of a file are. */
  filePath(fileId: string): string;
  close(): void;
}

/** Opens the workspace in `dir`, and fills it from `seed` the first time. */
export function openState(dir: string, seed: Seed, botName: string): State {
  mkdirSync(join(dir, 'files'), { recursive: true });
  const db = new DatabaseSync(join(dir, 'slack.sqlite'));
  // NORMAL survives the death of the process, as the sandbox promises; it promises nothing for a power cut.
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL');
  const meta = openTable<Identity>(db, 'meta');
  const people = openTable<PersonRecord>(db, 'people');
  const channels = openTable<ChannelRecord>(db, 'channels');
  const messages = openMessages(db);
  const state: Omit<State, 'identity' | 'saveIdentity'> = {
    people,
    channels,
    messages,
    ephemerals: new Map(),
    files: openTable<FileRecord>(db, 'files'),
    homes: openTable<ViewRecord>(db, 'homes'),
    responseUrls: openTable<Json>(db, 'response_urls'),
    pending: openTable<Json>(db, 'pending'),
    nextTs: tsSource(messages.lastTs()),
    filePath: (fileId) => join(dir, 'files', fileId),
    close: () => db.close(),
  };
  const identity = meta.get('identity') ?? plant(state, seed, botName);
  meta.set('identity', identity);
  return { ...state, identity, saveIdentity: () => meta.set('identity', identity) };
}

function plant(state: Pick<State, 'people' | 'channels'>, seed: Seed, botName: string): Identity {
  const workspaces = seed.workspaces?.map((one) => ({ id: newId('T'), ...one }));
  const [first] = workspaces ?? [];
  // In an organisation, people have ids that begin with W (docs.slack.dev/enterprise/developing-for-enterprise-orgs).
  const letter = workspaces === undefined ? 'U' : 'W';
  const identity: Identity = {
    teamId: first?.id ?? newId('T'),
    teamName: seed.team.name,
    domain: seed.team.domain,
    appId: newId('A'),
    botId: newId('B'),
    botUserId: newId(letter),
    ...(workspaces === undefined
      ? {}
      : {
          organisation: { id: newId('E'), ...seed.team, workspaces, granted: workspaces.map(({ id }) => id) },
        }),
  };
  const teamsNamed = (names: string[] | undefined) => {
    if (workspaces === undefined) return {};
    const teams = workspaces.filter(({ name }) => (names ?? [first?.name]).includes(name));
    return { teams: teams.map(({ id }) => id) };
  };
  const ids = new Map([['bot', identity.botUserId]]);
  for (const { in: places, ...person } of seed.people) {
    const id = newId(letter);
    ids.set(person.name, id);
    state.people.set(id, {
      ...person,
      id,
      tz: person.tz ?? 'Europe/Berlin',
      is_bot: false,
      updated: seconds(),
      ...(person.grid === undefined ? {} : { grid: gridOf(person.grid, identity.teamId) }),
      ...teamsNamed(places),
    });
  }
  const bot = { id: identity.botUserId, name: botName, real_name: botName, color: '#1d1c1d', tz: 'UTC' };
  state.people.set(bot.id, { ...bot, role: 'member', is_bot: true, updated: seconds() });
  const creator =
    [...state.people.values()].find((person) => person.role === 'admin')?.id ?? identity.botUserId;
  for (const channel of seed.channels) {
    const members = channel.members.map((name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`The seed's #${channel.name} has an unknown member: ${name}`);
      return id;
    });
    const id = newId('C');
    state.channels.set(id, {
      id,
      name: channel.name,
      kind: channel.private ? 'private' : 'public',
      members,
      topic: channel.topic ?? '',
      creator,
      created: seconds(),
      is_archived: channel.archived === true,
      ...(channel.shared ? { is_ext_shared: true } : {}),
      ...teamsNamed(channel.in),
    });
  }
  for (const person of [...state.people.values()]) {
    if (!person.is_bot) addIm(state, person.id, identity.botUserId);
  }
  return identity;
}

/** `ours` in a list of teams becomes this workspace. */
export function gridOf(grid: Grid, teamId: string): Grid {
  const { enterprise_user } = grid;
  if (enterprise_user === undefined) return grid;
  const teams = enterprise_user.teams.map((team) => (team === 'ours' ? teamId : team));
  return { ...grid, enterprise_user: { ...enterprise_user, teams } };
}

/** Opens a direct conversation between two people. */
export function addIm(state: Pick<State, 'channels'>, person: string, other: string): ChannelRecord {
  const id = newId('D');
  const im: ChannelRecord = {
    id,
    name: id,
    kind: 'im',
    members: [person, other],
    topic: '',
    creator: person,
    created: seconds(),
    is_archived: false,
  };
  state.channels.set(id, im);
  return im;
}
