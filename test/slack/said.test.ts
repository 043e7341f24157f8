import { expect, it } from 'vitest';
import type { SlackFile } from '../../src/slack/file-shape.ts';
import { filesOfMessage, type SlackMessage } from '../../src/slack/message-files.ts';
import { saidIn } from '../../src/slack/said.ts';

const FILE: SlackFile = {
  id: 'F1',
  name: 'a.pdf',
  mode: 'hosted',
  url_private: 'https://files.slack.com/a',
  size: 1,
};
const said = (message: SlackMessage) => saidIn({ ts: '1741600100.000100', user: 'U1', ...message });
const sightings = (message: SlackMessage, root?: SlackMessage) =>
  filesOfMessage(
    'T1',
    { id: 'C1', kind: 'public' },
    { ts: '1741600100.000100', files: [FILE], ...message },
    root,
  );

it('a message says its text, from when it was last changed', () => {
  expect(said({ text: 'here it is' })).toEqual({ author: 'U1', text: 'here it is', at: 1741600100000 });
  expect(said({ text: 'here', edited: { ts: '1741600160.000000' } })?.at).toBe(1741600160000);
  expect(saidIn({ text: 'no message' })).toBeNull();
});

it('what was forwarded with files in it counts, other attachments do not', () => {
  const text = said({
    text: 'look',
    attachments: [{ text: 'the original words', files: [FILE] }, { text: 'a link of the web' }],
  })?.text;
  expect(text).toBe('look\nthe original words');
});

it('an app’s message without text says what its blocks say', () => {
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'Report' } },
    { type: 'section', text: { type: 'mrkdwn', text: '*14* days' } },
    { type: 'image', image_url: 'https://example.com' },
  ];
  expect(said({ text: '', blocks })?.text).toBe('Report\n*14* days');
});

it('of a message from before 2018, what was written with the file counts, not Slack’s own sentence', () => {
  const file = { ...FILE, initial_comment: { comment: 'the old comment' } };
  expect(said({ text: '<@U1> uploaded a file: <https://x|a>', file })?.text).toBe('the old comment');
  expect(said({ text: '<@U1> uploaded a file', file: FILE })?.text).toBe('');
});

it('a tombstone says nothing', () => {
  expect(said({ subtype: 'tombstone', text: 'This message was deleted.' })?.text).toBe('');
});

it('files come with what their message says, and the first message of its thread where Slack shows it', () => {
  const [alone] = sightings({ text: 'hello' });
  expect(alone?.share.said?.text).toBe('hello');
  expect(alone?.share.rootSaid).toBeUndefined();
  const root = { ts: '1741600000.000100', text: 'the question', user: 'U2' };
  const [broadcast] = sightings({ text: '', thread_ts: root.ts, root });
  expect(broadcast?.share.rootSaid).toEqual({ author: 'U2', text: 'the question', at: 1741600000000 });
  const [listed] = sightings({ text: '', thread_ts: root.ts }, root);
  expect(listed?.share.rootSaid?.text).toBe('the question');
  const [other] = sightings({ text: '', thread_ts: '1.000100' }, root);
  expect(other?.share.rootSaid).toBeUndefined();
});

it('a picture’s description and an e-mail’s sender and text are known of the file', () => {
  const [picture] = sightings({ files: [{ ...FILE, alt_txt: ' A red house ' }] });
  expect(picture?.file.facts).toEqual({ altText: 'A red house' });
  const mail: SlackFile = {
    ...{ id: 'F2', mode: 'email', filetype: 'email', subject: 'Re: Contract' },
    from: [{ address: 'anna@example.com', name: 'Anna Berg', original: 'Anna Berg <anna@example.com>' }],
    plain_text: 'we agree to 14 days',
  };
  const [email] = sightings({ files: [mail] });
  expect(email?.file.title).toBe('Re: Contract');
  expect(email?.file.facts).toMatchObject({
    mailFrom: 'Anna Berg anna@example.com',
    mailText: 'we agree to 14 days',
  });
  const [preview] = sightings({ files: [{ ...mail, plain_text: null, preview: '<p>fourteen days</p>' }] });
  expect(preview?.file.facts?.mailText).toBe('fourteen days');
});
