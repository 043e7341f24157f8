import { describe, expect, it } from 'vitest';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { slackHistory } from '../../src/slack/history.ts';

const file = (id: string, created: number) => ({
  ...{ id, created, user: 'U1', size: 1, url_private: 'https://files.slack.com/x' },
});

/** An organisation with the workspaces T1 and T2, in which no channel names its workspaces. */
function organisation(answer: (method: string, workspace: unknown) => unknown) {
  const asked: unknown[] = [];
  const met = new Map<string, readonly string[]>();
  const workspaces = {
    ...{ isOrganisation: true, ids: async () => ['T1', 'T2'], of: async () => null, changed() {} },
    met: (id: string, places: readonly string[]) => void met.set(id, places),
  };
  const call = async (method: string, { team_id }: Record<string, unknown>) => {
    asked.push(team_id);
    return answer(method, team_id);
  };
  return { api: { workspaces, call } as unknown as SlackApi, asked, met };
}

describe('the files of a direct message that names no workspace', () => {
  const lists: Record<string, unknown> = {
    T1: { files: [file('F3', 30), file('F2', 20)], paging: { pages: 2 } },
    T2: { files: [file('F3', 30), file('F1', 10)], paging: { pages: 2 } },
  };
  const bounds = { from: 0, to: null, page: 1 };
  const idsOf = (page: { found: Array<{ file: { fileId: string } }> }) =>
    page.found.map(({ file }) => file.fileId);

  it('are asked of the workspace that listed it', async () => {
    const { api, asked } = organisation((_, workspace) => lists[String(workspace)]);
    const storedWorkspaces = async () => ['T2', 'T9'];
    const page = await slackHistory({ api, teamId: 'E1', storedWorkspaces }).files('D1', bounds);
    expect([asked, idsOf(page)]).toEqual([['T2'], ['F3', 'F1']]);
  });

  it('else of all, and the next page leaves nothing out', async () => {
    const { api, asked } = organisation((_, workspace) => lists[String(workspace)]);
    const page = await slackHistory({ api, teamId: 'E1' }).files('D1', bounds);
    expect([asked, idsOf(page)]).toEqual([
      ['T1', 'T2'],
      ['F3', 'F2', 'F1'],
    ]);
    expect(page).toMatchObject({ last: 20, more: true });
  });

  it('are read where one workspace does not show it, and cannot be where none does', async () => {
    const refuse = () => {
      throw new SlackApiError('files.list', 'channel_not_found');
    };
    const half = organisation((_, workspace) => (workspace === 'T1' ? refuse() : lists.T2));
    expect(idsOf(await slackHistory({ api: half.api, teamId: 'E1' }).files('D1', bounds))).toHaveLength(2);
    const none = organisation(refuse);
    const refused = slackHistory({ api: none.api, teamId: 'E1' }).files('D1', bounds);
    await expect(refused).rejects.toMatchObject({ code: 'channel_not_found', isLost: true });
  });
});

it('a conversation that names only workspaces of others is in the one that lists it', async () => {
  const { api, met } = organisation((_, workspace) => ({
    channels: workspace === 'T1' ? [{ id: 'C1', name: 'x', shared_team_ids: ['T8', 'T9'] }] : [],
  }));
  expect(await ownConversations(api)).toMatchObject([{ channelId: 'C1', workspaces: 'T1 T8 T9' }]);
  expect(met.get('C1')).toContain('T1');
});
