import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../check.ts';
import { CheckFailed, NotToday } from '../endings.ts';
import type { See } from '../sight.ts';
import { fetched, same } from '../slack/download.ts';
import { postMessage } from '../slack/post.ts';
import { share, type Upload } from '../slack/share.ts';
import type { Answer } from '../slack/web.ts';
import { earsOf, type SharedFile, type Stage, says } from '../stage.ts';
import { delivered } from './delivered.ts';
import { PICTURE } from './picture.ts';

/** Slack knows a new file only after some seconds. */
const READY_TRIES = 12;

const plain = (name: string, bytes = 2_000): Upload => ({ name, bytes: randomBytes(bytes) });

/** Files, as an app shares them: what is answered, what is heard, what comes back. */
export const files: Check[] = [
  {
    id: 'file.share',
    title: 'uploads a file and shares it',
    needs: { hands: true },
    async run(stage, see) {
      const upload = plain('rehearsal.bin');
      const { ids, announced, sent, completed } = await share(stage, [upload]);
      see('announced', announced);
      see('sent', sent);
      see('completed', completed);
      stage.shared.plain = { id: ids[0] as string, bytes: upload.bytes };
    },
  },
  {
    id: 'file.heard',
    title: 'hears of a shared file and of its message',
    needs: { hands: true, ears: true },
    async run(stage, see) {
      const ears = earsOf(stage);
      const mark = ears.heard.length;
      const { ids } = await share(stage, [plain('rehearsal-heard.bin')]);
      const [id = ''] = ids;
      const isMessage = (one: object) => says(one, `"${id}"`, '"message"', '"files"');
      delivered(see, await ears.after(mark, 'the message of a shared file', isMessage), 'message');
      const isShared = (one: object) => says(one, `"${id}"`, '"file_shared"');
      delivered(see, await ears.after(mark, 'file_shared', isShared), 'file_shared');
    },
  },
  {
    id: 'file.info',
    title: 'looks at the shared file',
    needs: { scopes: ['files:read'] },
    async run(stage, see) {
      see('answer', await ready(stage, plainOf(stage)));
    },
  },
  {
    id: 'file.bytes',
    title: 'downloads the shared file',
    needs: { scopes: ['files:read'] },
    async run(stage, see) {
      const file = plainOf(stage);
      const { body } = await ready(stage, file);
      const url = body.file?.url_private_download ?? body.file?.url_private;
      const token = { authorization: `Bearer ${stage.config.slack.botToken}` };
      const { sight, bytes } = await fetched(url, token, stage.signal);
      see('download', { ...sight, facts: { 'the same bytes': same(bytes, file.bytes) } });
      const page = await fetched(url, {}, stage.signal);
      see('without a token', { ...page.sight, facts: { 'the same bytes': same(page.bytes, file.bytes) } });
    },
  },
  {
    id: 'file.list',
    title: 'lists the files of the test channel',
    needs: { scopes: ['files:read'] },
    async run(stage, see) {
      const { id } = plainOf(stage);
      await ready(stage, plainOf(stage));
      const answer = await stage.call('files.list', { channel: stage.channel, count: 20, page: 1 });
      const isThere = says(answer, `"${id}"`) ? 'yes' : 'no';
      see('answer', { ...answer, facts: { 'the file is there': isThere } });
    },
  },
  {
    id: 'file.thread',
    title: 'shares a file in a thread',
    needs: { hands: true, scopes: ['chat:write'] },
    async run(stage, see) {
      const { ts } = await postMessage(stage, 'file.thread');
      await sharedAndHeard(stage, see, [plain('rehearsal-thread.bin')], { thread_ts: ts });
    },
  },
  {
    id: 'file.several',
    title: 'shares two files in one message',
    needs: { hands: true },
    async run(stage, see) {
      await sharedAndHeard(stage, see, [plain('rehearsal-1.bin'), plain('rehearsal-2.bin')]);
    },
  },
  {
    id: 'file.picture',
    title: 'shares a picture',
    needs: { hands: true },
    async run(stage, see) {
      await sharedAndHeard(stage, see, [{ name: 'rehearsal.png', bytes: PICTURE }]);
    },
  },
  {
    id: 'file.snippet',
    title: 'shares a snippet',
    needs: { hands: true },
    async run(stage, see) {
      const bytes = Buffer.from('Rehearsal\nof a snippet\n');
      await sharedAndHeard(stage, see, [{ name: 'rehearsal.txt', bytes, snippetType: 'text' }]);
    },
  },
  {
    id: 'file.private',
    title: 'shares a file in the private channel',
    needs: { hands: true, privateChannel: true },
    async run(stage, see) {
      await sharedAndHeard(stage, see, [plain('rehearsal-private.bin')], {
        channel: stage.privateChannel ?? '',
      });
    },
  },
  {
    id: 'file.unshare',
    title: 'takes the message of a file away again',
    needs: { hands: true, ears: true },
    async run(stage, see) {
      const ears = earsOf(stage);
      const mark = ears.heard.length;
      const { ids } = await share(stage, [plain('rehearsal-unshared.bin')]);
      const [id = ''] = ids;
      const isMessage = (one: object) => says(one, `"${id}"`, '"message"', '"files"');
      const [first] = await ears.after(mark, 'the message of a shared file', isMessage);
      const ts = first?.payload?.event?.ts;
      const next = ears.heard.length;
      const token = stage.hands?.token ?? '';
      see('answer', await stage.call('chat.delete', { channel: stage.channel, ts }, { token }));
      const isDeletion = (one: object) => says(one, `"${id}"`, '"message_deleted"');
      delivered(see, await ears.after(next, 'message_deleted', isDeletion), 'message_deleted');
      const isUnshared = (one: object) => says(one, `"${id}"`, '"file_unshared"');
      delivered(see, await ears.after(next, 'file_unshared', isUnshared), 'file_unshared');
    },
  },
  {
    id: 'file.delete',
    title: 'deletes a file in Slack and asks for it again',
    needs: { hands: true, scopes: ['files:read'] },
    async run(stage, see) {
      const mark = stage.ears?.heard.length ?? 0;
      const { ids } = await share(stage, [plain('rehearsal-deleted.bin')]);
      const [file = ''] = ids;
      const token = stage.hands?.token ?? '';
      await ready(stage, { id: file });
      see('answer', await stage.call('files.delete', { file }, { token }));
      see('info', await stage.call('files.info', { file }));
      if (stage.ears === null) return;
      const isDeletion = (one: object) => says(one, `"${file}"`, '"file_deleted"');
      delivered(see, await stage.ears.after(mark, 'file_deleted', isDeletion), 'file_deleted');
    },
  },
  {
    id: 'file.unknown',
    title: 'asks for a file that is not there',
    needs: { scopes: ['files:read'] },
    async run({ call }, see) {
      see('answer', await call('files.info', { file: 'F00000000' }));
    },
  },
  {
    id: 'file.canvas',
    title: 'makes a canvas and looks at it',
    needs: { scopes: ['canvases:write', 'files:read'] },
    async run(stage, see) {
      const document_content = { type: 'markdown', markdown: 'Rehearsal' };
      const made = await stage.call('canvases.create', { title: 'Rehearsal', document_content });
      see('made', made);
      const id = made.body?.canvas_id;
      if (typeof id !== 'string') throw new CheckFailed('the canvas was not made');
      stage.ours.add(id);
      stage.ledger.add('a canvas in Slack', () => stage.call('canvases.delete', { canvas_id: id }));
      see('info', await ready(stage, { id }));
    },
  },
  {
    id: 'file.remote',
    title: 'adds a link to a file elsewhere',
    needs: { scopes: ['remote_files:write', 'files:read'] },
    async run(stage, see) {
      const external_id = `rehearsal-${stage.mark}`;
      const link = { external_id, external_url: 'https://example.com/rehearsal', title: 'Rehearsal' };
      const added = await stage.call('files.remote.add', link);
      see('added', added);
      stage.ledger.add('a link to a file', () => stage.call('files.remote.remove', { external_id }));
      const file = added.body?.file?.id;
      if (typeof file === 'string') see('info', await stage.call('files.info', { file }));
    },
  },
];

/** Shares, and shows the file object as `files.info` has it and the message as it is delivered. */
async function sharedAndHeard(
  stage: Stage,
  see: See,
  uploads: Upload[],
  to: { thread_ts?: string; channel?: string } = {},
): Promise<void> {
  const mark = stage.ears?.heard.length ?? 0;
  const { ids } = await share(stage, uploads, to);
  for (const id of ids) see('info', await ready(stage, { id }));
  if (stage.ears === null) return;
  const isMessage = (one: object) => says(one, '"message"', '"files"', ...ids.map((id) => `"${id}"`));
  delivered(see, await stage.ears.after(mark, 'the message of a shared file', isMessage), 'message');
}

/** `files.info` as soon as Slack knows the file and has its address. */
async function ready(stage: Stage, { id }: Pick<SharedFile, 'id'>): Promise<Answer> {
  for (let left = READY_TRIES; ; left--) {
    const answer = await stage.call('files.info', { file: id });
    const { file, error } = answer.body ?? {};
    const isThere =
      typeof file?.url_private === 'string' ||
      (file !== undefined && file?.file_access !== 'check_file_info' && file?.mimetype !== '');
    const isOther = error !== undefined && error !== 'file_not_found';
    if (isThere || isOther || left <= 1) return answer;
    await sleep(500, undefined, { signal: stage.signal });
  }
}

function plainOf({ shared }: Stage): SharedFile {
  if (shared.plain === undefined) throw new NotToday('no file was shared before');
  return shared.plain;
}
