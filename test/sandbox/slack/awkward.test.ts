/** Awkward sides of Slack other than files: non-answers, limits, Enterprise Grid, text as it is sent. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SEED } from '../../../sandbox/slack/server.ts';
import { messageText } from '../../../sandbox/slack/typed.ts';
import { freshSlack, refusal, webClient } from './start.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers as they travel
type Any = any;

describe('answers that are no answers', () => {
  it('a web page with status 200', async () => {
    const slack = await freshSlack();
    slack.faults.api('auth.test', { webPage: true }, 1);
    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toMatch(/^<!DOCTYPE html>/);
    slack.faults.api('auth.test', { webPage: true }, 1);
    // What the client makes of it is not the name of an error.
    expect(await refusal(webClient(slack).auth.test())).toMatch(/</);
    expect(await refusal(webClient(slack).auth.test())).toBe('no refusal');
  });

  it('an empty object', async () => {
    const slack = await freshSlack();
    slack.faults.api('auth.test', { body: {} }, 1);
    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await answer.json()).toEqual({});
  });

  it('may apply to one channel only', async () => {
    const slack = await freshSlack();
    const { general = '', design = '' } = slack.workspace.channels;
    slack.faults.api('chat.postMessage', { error: 'restricted_action', channel: design });
    const web = webClient(slack);
    expect(await refusal(web.chat.postMessage({ channel: general, text: 'x' }))).toBe('no refusal');
    expect(await refusal(web.chat.postMessage({ channel: design, text: 'x' }))).toBe('restricted_action');
  });

  it('a sign-in page whose marks come late, and another page', async () => {
    const slack = await freshSlack();
    const [id = ''] = (await slack.as('anna').share('general', { name: 'a.txt', content: 'x' })).files;
    const { file } = (await webClient(slack).files.info({ file: id })) as Any;
    const read = async () => {
      const headers = { authorization: `Bearer ${slack.app.botToken}` };
      return (await fetch(file.url_private_download, { headers })).text();
    };
    slack.faults.download(id, { kind: 'login_page', late: true }, 1);
    const late = await read();
    expect(late.indexOf('Sign in to')).toBeGreaterThan(20_000);
    expect(late.length).toBeLessThan(64 * 1024);
    slack.faults.download(id, { kind: 'web_page' }, 1);
    expect(await read()).not.toContain('Sign in');
    expect(await read()).toBe('x');
  });
});

describe('limits', () => {
  it('conversations.list and the others take fewer than 1,000 at a time', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const { general = '' } = slack.workspace.channels;
    expect(await refusal(web.conversations.list({ limit: 1000 }))).toBe('invalid_limit');
    expect(await refusal(web.conversations.list({ limit: 999 }))).toBe('no refusal');
    expect(await refusal(web.users.conversations({ limit: 1000 }))).toBe('invalid_limit');
    expect(await refusal(web.conversations.members({ channel: general, limit: 1000 }))).toBe('invalid_limit');
  });

  it('users.conversations is paced as its tier says: 50 a minute', async () => {
    const slack = await freshSlack({ limits: 'slack' });
    const ask = () => fetch(`${slack.apiUrl}users.conversations?token=${slack.app.botToken}`);
    const answers = await Promise.all(Array.from({ length: 60 }, ask));
    const late = answers.filter((answer) => answer.status === 429);
    expect(late.length).toBeGreaterThanOrEqual(1);
    expect(answers.length - late.length).toBeGreaterThanOrEqual(50);
    expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('a post’s metadata has a bound', async () => {
    const slack = await freshSlack();
    const channel = slack.workspace.channels.general ?? '';
    const post = (ids: string) =>
      webClient(slack).chat.postMessage({
        channel,
        text: 'x',
        metadata: { event_type: 'told', event_payload: { ids } },
      });
    expect(await refusal(post('x'.repeat(7000)))).toBe('no refusal');
    expect(await refusal(post('x'.repeat(9000)))).toBe('metadata_too_large');
  });

  it('a message takes so many reactions, and some take none', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const anna = slack.as('anna');
    const timestamp = anna.post('general', 'hello');
    for (let at = 0; at < 23; at += 1) await web.reactions.add({ channel, timestamp, name: `r${at}` });
    const add = (given: string, name = 'x') =>
      refusal(web.reactions.add({ channel, timestamp: given, name }));
    expect(await add(timestamp)).toBe('too_many_reactions');
    expect(await add('nonsense')).toBe('bad_timestamp');
    expect(await add('1.000001')).toBe('message_not_found');
    const parent = anna.post('general', 'parent');
    anna.post('general', 'reply', { thread_ts: parent });
    anna.remove('general', parent);
    expect(await add(parent)).toBe('not_reactable');
  });

  it('refuses pictures that Slack cannot download', async () => {
    const slack = await freshSlack();
    const channel = slack.workspace.channels.general ?? '';
    const image_url = 'https://example.com/a.png';
    const blocks = [{ type: 'divider' }, { type: 'image', image_url, alt_text: 'A' }];
    const post = () => webClient(slack).chat.postMessage({ channel, text: 'x', blocks });
    expect(await refusal(post())).toBe('no refusal');
    slack.faults.picture('example.com', 1);
    await expect(post()).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        errors: ['downloading image failed [json-pointer:/blocks/1/image_url]'],
        response_metadata: {
          messages: ['[ERROR] downloading image failed [json-pointer:/blocks/1/image_url]'],
        },
      },
    });
    expect(await refusal(post())).toBe('no refusal');
  });

  it('refuses a view with such a picture as it refuses other views', async () => {
    const slack = await freshSlack();
    const image = { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'A' };
    slack.faults.picture('example.com', 1);
    const view = { type: 'home' as const, blocks: [image] };
    const refused = await webClient(slack)
      .views.publish({ user_id: slack.workspace.people.anna ?? '', view })
      .catch((error) => error.data);
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] downloading image failed [json-pointer:/view/blocks/0/image_url]'],
      },
    });
    expect(refused).not.toHaveProperty('errors');
  });

  it('tries pictures on this machine when asked to', async () => {
    const slack = await freshSlack({ pictures: 'fetch' });
    const channel = slack.workspace.channels.general ?? '';
    const post = (image_url: string) =>
      webClient(slack).chat.postMessage({
        channel,
        text: 'x',
        blocks: [{ type: 'image', image_url, alt_text: 'A' }],
      });
    slack.addRoute(
      '/test.png',
      (_request, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end('png'),
    );
    expect(await refusal(post(`${slack.url}/test.png`))).toBe('no refusal');
    expect(await refusal(post(`${slack.url}/none.png`))).toBe('invalid_blocks');
    expect(await refusal(post('http://127.0.0.1:1/a.png'))).toBe('invalid_blocks');
  });
});

describe('people as Enterprise Grid describes them', () => {
  it('are seeded with another team, with none, or with null', async () => {
    const enterprise = (teams: string[]) => ({ id: 'W0X', enterprise_id: 'E0X', teams });
    const person = (name: string, grid: Any) =>
      ({ name, real_name: name, role: 'member', color: '#000000', grid }) as const;
    const seed = {
      ...DEFAULT_SEED,
      people: [
        ...DEFAULT_SEED.people,
        person('nora', { team_id: null, enterprise_user: enterprise(['T0OTHER', 'ours']) }),
        person('abe', { enterprise_user: enterprise(['ours']) }),
        person('otto', { team_id: 'T0OTHER', enterprise_user: enterprise(['T0OTHER']), is_stranger: true }),
      ],
    };
    const slack = await freshSlack({ seed });
    const { teamId, people } = slack.workspace;
    const ask = async (name: string): Promise<Any> =>
      (await webClient(slack).users.info({ user: people[name] ?? '' })).user;
    const nora = await ask('nora');
    expect(nora.team_id).toBeNull();
    expect(nora.enterprise_user).toMatchObject({ teams: ['T0OTHER', teamId], is_admin: false });
    expect(await ask('abe')).not.toHaveProperty('team_id');
    expect(await ask('otto')).toMatchObject({ team_id: 'T0OTHER', is_stranger: true });
    slack.grid('anna', { team_id: null });
    expect(await ask('anna')).not.toHaveProperty('enterprise_user');
  });

  it('say their language only when asked, and Slackbot is one of them', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const user = slack.workspace.people.anna ?? '';
    expect((await web.users.info({ user })).user).not.toHaveProperty('locale');
    expect((await web.users.info({ user, include_locale: true })).user).toMatchObject({ locale: 'en-US' });
    expect((await web.users.info({ user: 'USLACKBOT' })).user).toMatchObject({
      name: 'slackbot',
      is_bot: false,
    });
  });
});

describe('text as Slack sends it', () => {
  it.each([
    ['R&D plan <v2>.pdf', 'R&amp;D plan &lt;v2&gt;.pdf'],
    ['a->b map.csv', 'a-&gt;b map.csv'],
    ['find readme.md please', 'find <http://readme.md|readme.md> please'],
    ['see https://example.com/a?b=1&c=2.', 'see <https://example.com/a?b=1&amp;c=2>.'],
    ['write to pat@example.com now', 'write to <mailto:pat@example.com|pat@example.com> now'],
    ['well done 🎉👍', 'well done :tada::+1:'],
    ['<@U0ANNA> in <#C0GEN|general>', '<@U0ANNA> in <#C0GEN|general>'],
    ['<https://example.com|here>', '<https://example.com|here>'],
    ['&amp; stays', '&amp; stays'],
    ['plan.pdf and notes.txt', 'plan.pdf and notes.txt'],
    ['readme.mdx', 'readme.mdx'],
  ])('%s', (typed, sent) => {
    expect(messageText(typed)).toBe(sent);
    expect(messageText(sent)).toBe(sent);
  });

  it('is the same when it is sent twice, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const once = messageText(typed);
        expect(messageText(once)).toBe(once);
      }),
    );
  });

  it('reaches the app in messages and edits', async () => {
    const slack = await freshSlack();
    const anna = slack.as('anna');
    const ts = anna.post('general', 'Q&A');
    expect(anna.messages('general')[0]?.text).toBe('Q&amp;A');
    anna.edit('general', ts, 'a > b');
    expect(anna.messages('general')[0]?.text).toBe('a &gt; b');
  });
});
