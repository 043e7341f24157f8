import { beforeEach, describe, expect, it } from 'vitest';
import { fileById } from '../../src/catalog/files/lookup.ts';
import type { SlackApi } from '../../src/slack/api.ts';
import { createPeople } from '../../src/slack/people.ts';
import { createRights, type Rights } from '../../src/vault/rights.ts';
import { type ExportedConversation, slackExport, TEAM } from './exports.ts';
import { AT, bytesOf, importStage } from './stage.ts';

/** One test for each sentence of "Who may see it" in docs/import.md. */
const { stage, zip, run } = importStage();

const LISTED = ['U0ANNA', 'U0BEN', 'U0CLEO', 'U0GONE', 'U0OTHER'];
const shared = (id: string, user: string): ExportedConversation['messages'] => [
  { at: AT, user, files: [{ id, name: `${id}.txt`, bytes: bytesOf(id) }] },
];
const EXPORT: ExportedConversation[] = [
  {
    ...{ id: 'C0OPEN001', list: 'channels', name: 'open', members: LISTED },
    messages: shared('F0OPEN0001', 'U0ANNA'),
  },
  {
    ...{ id: 'G0BOARD01', list: 'groups', name: 'board', members: LISTED },
    messages: shared('F0BOARD001', 'U0ANNA'),
  },
  {
    ...{ id: 'C0GROUP01', list: 'mpims', name: 'mpdm-anna--ben-1', members: LISTED },
    messages: shared('F0GROUP001', 'U0ANNA'),
  },
  {
    ...{ id: 'D0ANNABEN', list: 'dms', members: ['U0ANNA', 'U0BEN'] },
    messages: shared('F0DIRECT01', 'U0ANNA'),
  },
  {
    ...{ id: 'D0ANNAGON', list: 'dms', members: ['U0ANNA', 'U0GONE'] },
    messages: shared('F0DIRECT02', 'U0ANNA'),
  },
  {
    ...{ id: 'D0ANNAOTH', list: 'dms', members: ['U0ANNA', 'U0OTHER'] },
    messages: shared('F0DIRECT03', 'U0ANNA'),
  },
];

/** Which channels each person is in now, as Slack would tell the bot; and which the bot is in. */
let members: Record<string, string[]>;
let botIn: string[];
let rights: Rights;

const slack: SlackApi = {
  async call<T>(method: string, { user, channel }: Record<string, unknown> = {}) {
    return answer(method, user as string | undefined, channel as string) as T;
  },
  async close() {},
};

function answer(method: string, user: string | undefined, channel: string): unknown {
  const isOpen = (id: string) => id === 'C0OPEN001';
  if (method === 'users.info') {
    const more = { U0GONE: { deleted: true }, U0OTHER: { team_id: 'T0OTHER99', is_stranger: true } };
    return { user: { id: user, team_id: TEAM, ...more[user as keyof typeof more] } };
  }
  if (method === 'users.conversations') {
    const own = user === undefined ? botIn : (members[user] ?? []);
    // Slack names a person's private conversations only where the bot is, too.
    const shown = own.filter((id) => isOpen(id) || botIn.includes(id));
    return { channels: shown.map((id) => ({ id, is_private: !isOpen(id) })) };
  }
  if (method === 'conversations.members') {
    const inIt = Object.entries(members).filter(([, ids]) => ids.includes(channel));
    return { members: botIn.includes(channel) ? inIt.map(([id]) => id) : [] };
  }
  if (method === 'conversations.list') return { channels: [{ id: 'C0OPEN001' }] };
  return { channel: { is_private: !isOpen(channel) } };
}

async function sees(person: string, fileId: string): Promise<boolean> {
  const file = await fileById(stage.catalog, { teamId: TEAM, fileId });
  return rights.maySeeFile(person, file as NonNullable<typeof file>);
}

beforeEach(async () => {
  [members, botIn] = [{ U0CLEO: ['G0BOARD01', 'C0GROUP01'] }, []];
  const people = createPeople({ api: slack, teamId: TEAM, now: () => AT });
  rights = createRights({ catalog: stage.catalog, people, teamId: TEAM, admins: new Set(['U0ADMIN']) });
  await run(await zip(slackExport(EXPORT, { token: null })));
});

describe('who may see what an import brought', () => {
  it('in a channel that Slack shows: those who could open it today, and no list of the archive', async () => {
    expect(await sees('U0NEWCOMER', 'F0OPEN0001')).toBe(true);
    // Of another organisation: in the archive's list, and not in the channel now.
    expect(await sees('U0OTHER', 'F0OPEN0001')).toBe(false);
  });

  it('in a private channel or group message without the bot: its uploader, and no list of the archive', async () => {
    for (const fileId of ['F0BOARD001', 'F0GROUP001']) {
      expect(await sees('U0ANNA', fileId), fileId).toBe(true);
      expect(await sees('U0BEN', fileId), fileId).toBe(false);
      // A member today: but Slack does not tell it to the bot.
      expect(await sees('U0CLEO', fileId), fileId).toBe(false);
      expect(await sees('U0ADMIN', fileId), fileId).toBe(false);
    }
    // The vault's admins know of it, and each look is in the audit log.
    expect(await rights.oversees('U0ADMIN')).toBe(true);
    expect(await rights.oversees('U0CLEO')).toBe(false);
  });

  it('the same, after the bot was invited: its members of today', async () => {
    botIn = ['G0BOARD01', 'C0GROUP01'];
    for (const fileId of ['F0BOARD001', 'F0GROUP001']) {
      expect(await sees('U0CLEO', fileId), fileId).toBe(true);
      expect(await sees('U0BEN', fileId), fileId).toBe(false);
    }
  });

  it('in a direct message: its two people, and nobody else', async () => {
    for (const person of ['U0ANNA', 'U0BEN']) expect(await sees(person, 'F0DIRECT01')).toBe(true);
    for (const person of ['U0CLEO', 'U0ADMIN']) expect(await sees(person, 'F0DIRECT01')).toBe(false);
  });

  it('in a direct message: nobody who has left, or is of another workspace', async () => {
    await expect(sees('U0GONE', 'F0DIRECT02')).rejects.toMatchObject({ code: 'account_inactive' });
    expect(await sees('U0OTHER', 'F0DIRECT03')).toBe(false);
    expect(await sees('U0ANNA', 'F0DIRECT02')).toBe(true);
  });

  it('where the archive does not say which channel it was: its uploader', async () => {
    const contents = slackExport(EXPORT.slice(0, 1), { token: null });
    const [day] = [...contents].filter(([path]) => path.startsWith('open/'));
    contents.delete(day?.[0] as string);
    const text = String(day?.[1]).replaceAll('F0OPEN0001', 'F0NOWHERE1');
    contents.set('somewhere/2023-05-01.json', Buffer.from(text));
    await run(await zip(contents));
    expect(await sees('U0ANNA', 'F0NOWHERE1')).toBe(true);
    for (const person of ['U0BEN', 'U0CLEO', 'U0ADMIN']) expect(await sees(person, 'F0NOWHERE1')).toBe(false);
  });

  it('nothing passes for a direct message that is none', async () => {
    const forged: ExportedConversation = {
      ...{ id: 'C0FORGED1', list: 'dms', members: ['U0CLEO', 'U0BEN'] },
      messages: shared('F0FORGED01', 'U0ANNA'),
    };
    await run(await zip(slackExport([forged], { token: null })));
    for (const person of ['U0CLEO', 'U0BEN']) expect(await sees(person, 'F0FORGED01')).toBe(false);
  });
});
