import { createFetch } from '../../network/web.ts';
import { CheckFailed, NotToday } from '../endings.ts';
import { Left } from '../ledger.ts';
import type { Stage } from '../stage.ts';
import { type Answer, okay } from './web.ts';

export interface Upload {
  name: string;
  bytes: Buffer;
  snippetType?: string;
}

export interface Uploaded {
  /** The files' ids, in order. */
  ids: string[];
  /** What Slack answered on the way. */
  announced: Answer;
  sent: { status: number; headers: Record<string, string>; body: string };
  completed: Answer;
}

const UPLOAD_MS = 60_000;

/**
 * Uploads files and shares them in one message, as an app does it: docs.slack.dev/messaging/working-with-files. They go
 * at the end of the rehearsal. Throws `NotToday` without a token that may upload, `CheckFailed` when Slack refuses.
 */
export async function share(
  stage: Stage,
  uploads: Upload[],
  { channel = stage.channel, thread_ts, text }: { channel?: string; thread_ts?: string; text?: string } = {},
): Promise<Uploaded> {
  const { hands, call } = stage;
  if (hands === null) throw new NotToday('no token may upload files');
  const { token } = hands;
  const ids: string[] = [];
  let announced: Answer | undefined;
  let sent: Uploaded['sent'] | undefined;
  for (const { name, bytes, snippetType } of uploads) {
    const args = { filename: name, length: bytes.length, ...(snippetType && { snippet_type: snippetType }) };
    announced = okay('files.getUploadURLExternal', await call('files.getUploadURLExternal', args, { token }));
    const { upload_url, file_id } = announced.body;
    sent = await send(String(upload_url), bytes, stage.signal);
    ids.push(file_id);
    stage.ours.add(file_id);
  }
  if (announced === undefined || sent === undefined) throw new Error('share was given no file');
  for (const id of ids) stage.ledger.add('a file in Slack', () => removeFile(stage, id, token));
  const args = {
    files: ids.map((id, index) => ({ id, title: uploads[index]?.name })),
    channel_id: channel,
    initial_comment: text ?? `Rehearsal ${stage.mark}`,
    ...(thread_ts === undefined ? {} : { thread_ts }),
  };
  const completed = okay(
    'files.completeUploadExternal',
    await call('files.completeUploadExternal', args, { token }),
  );
  return { ids, announced, sent, completed };
}

async function send(url: string, bytes: Buffer, signal: AbortSignal): Promise<Uploaded['sent']> {
  const response = await createFetch()(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_MS)]),
  }).catch((error: Error) => {
    throw new CheckFailed('the upload of the bytes was not answered', { cause: error });
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: { 'content-type': type }, body: await response.text() };
}

/** Removes a file in Slack. A person's file can only be removed by that person. */
export async function removeFile(stage: Stage, file: string, token?: string): Promise<void> {
  const gone = await stage.call('files.delete', { file }, token === undefined ? {} : { token });
  const word = gone.body?.error;
  if (word === 'file_deleted' || word === 'file_not_found') return;
  if (word === 'cant_delete_file' || word === 'missing_scope')
    throw new Left('only the person who shared it can delete it');
  okay('files.delete', gone);
}
