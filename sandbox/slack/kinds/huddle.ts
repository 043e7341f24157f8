/** Huddles: when one ends, Slackbot's message gets the notes that Slack AI wrote, and a transcript. */
import { writeFileSync } from 'node:fs';
import { createFile } from '../files.ts';
import { newId, seconds } from '../ids.ts';
import { editMessage, postMessage } from '../messages.ts';
import type { ChannelRecord } from '../types.ts';
import type { World } from '../world.ts';
import { makeCanvas } from './canvas.ts';

/**
 * A huddle from its begin to its end: a message of subtype `huddle_thread`, then a change of it that brings the
 * notes. Those fill up later (`edit`); the transcript no bot can fetch (paradigmxyz/centaur#1050).
 */
export function holdHuddle(
  world: World,
  channel: ChannelRecord,
  { html = '' }: { html?: string } = {},
): { ts: string; notes: string; transcript: string } {
  const room = { id: newId('R'), created_by: 'USLACKBOT', date_start: seconds(), has_ended: false };
  const draft = { channel: channel.id, user: 'USLACKBOT', text: '', subtype: 'huddle_thread', room };
  const message = postMessage(world, draft);
  const id = newId('F');
  writeFileSync(world.state.filePath(id), '{}');
  const transcript = createFile(world, {
    id,
    name: 'Huddle_transcript',
    title: 'Huddle transcript',
    user: 'USLACKBOT',
    size: 5066,
    mode: 'huddle_transcript',
    mimetype: 'application/vnd.slack-huddle-transcript',
    filetype: 'huddle_transcript',
    pretty_type: 'Huddle transcript',
  });
  const title = `:headphones: Huddle notes: 9/5/26 in <#${channel.id}>`;
  const notes = makeCanvas(world, 'USLACKBOT', { title, html }, 'Huddle_notes');
  if (notes.canvas !== undefined) notes.canvas.huddle_transcript = transcript.id;
  world.state.files.set(notes.id, notes);
  const attached_file_ids = [notes.id, transcript.id];
  message.room = { ...room, date_end: seconds(), has_ended: true, attached_file_ids };
  editMessage(world, message, { files: attached_file_ids }, 'USLACKBOT');
  return { ts: message.ts, notes: notes.id, transcript: transcript.id };
}
