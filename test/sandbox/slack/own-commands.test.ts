/** `/invite`, `/remove` and `/leave` are Slack's own: the app only hears about their effects. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { interactiveApp, type Payload } from './receiver.ts';
import { freshSlack } from './start.ts';

function events(slack: Awaited<ReturnType<typeof freshSlack>>): Payload[] {
  return slack.deliveries.list.map((one) => one.body.event);
}

const told = ({ type, subtype, user }: Payload) => [subtype ?? type, user];

describe('Slack’s own commands', () => {
  it('/invite brings the bot in, with the event and the line in the channel', async () => {
    const { slack, received, anna } = await interactiveApp();
    const { vault = '' } = slack.workspace.people;
    await anna.command('random', '/invite @vault');
    await slack.deliveries.settled();
    expect(events(slack).map(told)).toEqual([
      ['member_joined_channel', vault],
      ['channel_join', vault],
    ]);
    expect(events(slack)[0]).toMatchObject({ inviter: anna.id });
    expect(anna.messages('random').map(({ text }) => text)).toEqual([`<@${vault}> has joined the channel`]);
    // Nobody asked the app for a command.
    expect(received.filter((one) => one.payload.command !== undefined)).toEqual([]);
    await expect(anna.command('random', '/invite @vault')).rejects.toThrow('already_in_channel');
  });

  it('/invite takes several people, and another channel', async () => {
    const slack = await freshSlack();
    const { anna = '', gus = '', carla = '' } = slack.workspace.people;
    const members = (name: string) =>
      slack
        .as('anna')
        .workspace()
        .channels.find((one) => one.name === name)?.members ?? [];
    const before = members('finance');
    slack.as('carla').leave('random');
    await slack.as('anna').command('general', '/invite @gus @carla #random');
    expect(members('random')).toEqual(expect.arrayContaining([anna, gus, carla]));
    expect(members('finance')).toEqual(before);
    await expect(slack.as('ben').command('general', '/invite @gus #finance')).rejects.toThrow(
      'channel_not_found',
    );
  });

  it('/remove takes the bot out: it hears member_left_channel and channel_left, from whom', async () => {
    const slack = await freshSlack();
    const { vault = '' } = slack.workspace.people;
    const anna = slack.as('anna');
    await anna.command('general', '/remove @vault');
    expect(events(slack).map(told)).toEqual([
      ['member_left_channel', vault],
      ['channel_left', undefined],
    ]);
    const line = `<@${vault}> was removed from the channel by <@${anna.id}>`;
    expect(anna.messages('general').map(({ text }) => text)).toEqual([line]);
    expect(events(slack).at(-1)).toMatchObject({ actor_id: anna.id });
    await expect(anna.command('general', '/remove @vault')).rejects.toThrow('not_in_channel');
    await expect(anna.command('general', '/remove @anna')).rejects.toThrow('cant_kick_self');
    await expect(anna.command('general', '/remove')).rejects.toThrow('user_not_found');
    await expect(anna.command('general', '/invite @nobody')).rejects.toThrow('user_not_found');
  });

  it('/leave takes oneself out; in a private channel the lines have other names', async () => {
    const slack = await freshSlack();
    slack.as('anna').invite('finance');
    const from = slack.deliveries.list.length;
    await slack.as('anna').command('finance', '/leave');
    expect(events(slack).slice(from).map(told)).toEqual([
      ['member_left_channel', slack.workspace.people.anna],
      ['group_leave', slack.workspace.people.anna],
    ]);
    expect(events(slack).at(-1)?.text).toBe(`<@${slack.workspace.people.anna}> has left the group`);
    expect(
      slack
        .as('anna')
        .workspace()
        .channels.map(({ name }) => name),
    ).not.toContain('finance');
  });

  it('works with the ids that the page’s @-menu writes', async () => {
    const slack = await freshSlack();
    const { vault = '' } = slack.workspace.people;
    await slack.as('anna').command('random', `/invite <@${vault}>`);
    await slack.as('anna').command('random', `/kick <@${vault}|vault>`);
    expect(slack.as('anna').messages('random')).toHaveLength(2);
  });
});

describe('the text of a command', () => {
  it('is always escaped; links only where the app asked for it', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('general', '/vault find Q&A readme.md :tada: 🎉 pat@example.com');
    expect(received.at(-1)?.payload.text).toBe(
      'find Q&amp;A <http://readme.md|readme.md> :tada: :tada: <mailto:pat@example.com|pat@example.com>',
    );
    const app = structuredClone(DEFAULT_APP);
    for (const command of app.manifest.features?.slash_commands ?? []) command.should_escape = false;
    const raw = await interactiveApp(undefined, { app });
    await raw.anna.command('general', '/vault find Q&A <v2> readme.md @ben');
    expect(raw.received.at(-1)?.payload.text).toBe('find Q&amp;A &lt;v2&gt; readme.md @ben');
  });
});
