import { createFetch } from '../../network/web.ts';
import type { Check } from '../check.ts';
import { CheckFailed } from '../endings.ts';
import { Left } from '../ledger.ts';
import type { Envelope, Fits } from '../slack/ears.ts';
import { postMessage } from '../slack/post.ts';
import { removeFile } from '../slack/share.ts';
import { earsOf, type Stage, says } from '../stage.ts';
import { delivered } from './delivered.ts';

const needs = { person: true, ears: true } as const;
/** Longer than a person is waited for. */
const withinMs = 180_000;

/** What only people can do in Slack. */
export const people: Check[] = [
  {
    id: 'person.share',
    title: 'a person shares a file',
    needs,
    withinMs,
    async run(stage, see) {
      const got = await asked(stage, 'share', 'share any small file in the test channel.', withFiles(stage));
      delivered(see, got, 'message');
    },
  },
  {
    id: 'person.clip',
    title: 'a person records a clip',
    needs,
    withinMs,
    async run(stage, see) {
      const isClip = (one: Envelope) =>
        withFiles(stage)(one) && /"slack_(audio|video)"/.test(JSON.stringify(one));
      const sentence = 'record a voice or video clip (the microphone or camera under the text) and send it.';
      delivered(see, await asked(stage, 'clip', sentence, isClip), 'message');
    },
  },
  {
    id: 'person.canvas',
    title: 'a person shares a canvas',
    needs,
    withinMs,
    async run(stage, see) {
      const isCanvas = (one: Envelope) =>
        withFiles(stage)(one) && /"(quip|canvas|docs)"/.test(JSON.stringify(one));
      const sentence = 'make a canvas with a word in it (+ under the text) and share it in the test channel.';
      delivered(see, await asked(stage, 'canvas', sentence, isCanvas), 'message');
    },
  },
  {
    id: 'person.edit',
    title: 'a person edits a message',
    needs,
    withinMs,
    async run(stage, see) {
      const isEdit = (one: Envelope) => byPerson(stage, one) && says(one, '"message_changed"', '"edited"');
      const sentence = 'write a message in the test channel, then edit it and save.';
      delivered(see, await asked(stage, 'edit', sentence, isEdit), 'message_changed');
    },
  },
  {
    id: 'person.unshare',
    title: 'a person deletes a message with a file',
    needs,
    withinMs,
    async run(stage, see) {
      const isDeletion = (one: Envelope) => says(one, '"message_deleted"', '"files"', `"${stage.channel}"`);
      const sentence = 'delete one of your messages with a file in the test channel.';
      delivered(see, await asked(stage, 'unshare', sentence, isDeletion), 'message_deleted');
    },
  },
  {
    id: 'person.click',
    title: 'a person clicks a button and gets an answer',
    needs: { ...needs, scopes: ['chat:write'] },
    withinMs,
    async run(stage, see) {
      await postMessage(stage, 'person.click', { blocks: button(stage) });
      const isClick = (one: Envelope) => says(one, 'rehearsal_click', '"block_actions"');
      const [click, ...others] = await asked(
        stage,
        'click',
        'click the button “Rehearsal” in the test channel.',
        isClick,
      );
      delivered(
        see,
        [click, ...others].filter((one) => one !== undefined),
        'click',
      );
      const text = `Rehearsal ${stage.mark}: thank you.`;
      see('response', await respond(click?.payload?.response_url, { text, replace_original: true }));
    },
  },
  {
    id: 'person.command',
    title: 'a person types the command and gets an answer',
    needs: { ...needs, scopes: ['commands'] },
    withinMs,
    async run(stage, see) {
      const isCommand = (one: Envelope) => one.type === 'slash_commands' || says(one, '"command"');
      const sentence = 'type /vault help in the test channel and send it.';
      const [command] = await asked(stage, 'command', sentence, isCommand);
      see('command', { body: command });
      const text = `Rehearsal ${stage.mark}: this is not the vault yet.`;
      see('response', await respond(command?.payload?.response_url, { text, response_type: 'ephemeral' }));
    },
  },
  {
    id: 'person.home',
    title: 'a person opens the App Home, which is published',
    needs,
    withinMs,
    async run(stage, see) {
      const isHome = (one: Envelope) =>
        one.payload?.event?.type === 'app_home_opened' || says(one, '"app_home_opened"');
      stage.expecting = isHome;
      try {
        const [home] = await asked(stage, 'home', 'open the Home tab of the app.', isHome);
        see('event', { body: home });
        const text = {
          type: 'mrkdwn',
          text: `Rehearsal ${stage.mark}: the vault puts its own page here later.`,
        };
        const view = { type: 'home', blocks: [{ type: 'section', text }] };
        see('published', await stage.call('views.publish', { user_id: home?.payload?.event?.user, view }));
      } finally {
        stage.expecting = null;
      }
    },
  },
];

/** Asks for one thing and waits for its delivery. Files that come with it are left in Slack, and that is said. */
async function asked(stage: Stage, step: string, sentence: string, fits: Fits): Promise<Envelope[]> {
  const ears = earsOf(stage);
  const person = stage.people;
  if (person === null) throw new CheckFailed('nobody is there to ask');
  const came = ears.after(ears.heard.length, 'what the person was asked for', fits, stage.personMs);
  const got = await person.please(step, sentence, came);
  for (const id of new Set(got.flatMap(filesIn))) {
    stage.ours.add(id);
    stage.ledger.add('a file that a person shared', () => removeFile(stage, id));
  }
  if (got.some((one) => byPerson(stage, one) && !says(one, '"message_deleted"')))
    stage.ledger.add('a message that a person wrote', async () => {
      throw new Left('only that person can delete it');
    });
  return got;
}

function filesIn(envelope: Envelope): string[] {
  const files: unknown = envelope.payload?.event?.files;
  if (!Array.isArray(files)) return [];
  return files.map((file) => file?.id).filter((id) => typeof id === 'string');
}

/** A message in the test channel that is not the bot's. */
function byPerson({ channel, self }: Stage, envelope: Envelope): boolean {
  const isOwn = says(envelope, '"bot_profile"') || envelope.payload?.event?.user === self.userId;
  return says(envelope, '"message"', `"${channel}"`) && !isOwn;
}

function withFiles(stage: Stage): Fits {
  return (one) => byPerson(stage, one) && says(one, '"files"') && !says(one, '"message_deleted"');
}

function button({ mark }: Stage): object[] {
  const text = { type: 'plain_text', text: 'Rehearsal' };
  return [
    { type: 'section', text: { type: 'mrkdwn', text: `Rehearsal ${mark} person.click` } },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'rehearsal_click', value: 'rehearsal', text }],
    },
  ];
}

async function respond(url: unknown, answer: object) {
  if (typeof url !== 'string' || !URL.canParse(url))
    throw new CheckFailed('there was no address to answer to');
  const response = await createFetch()(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(answer),
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  });
  const body = await response.text();
  return { status: response.status, body: body === 'ok' ? { ok: true } : parsed(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
