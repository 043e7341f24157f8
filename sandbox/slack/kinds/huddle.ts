/** Huddles: when one ends, Slackbot's message gets the notes that Slack AI wrote, and a transcript. */
import { writeFileSync } from 'node:fs';
import { createFile } from '../files.ts';
import { newId, seconds } from '../ids.ts';
import { editMessage, postMessage } from '../messages.ts';
import type { ChannelRecord, FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import { makeCanvas } from './canvas.ts';

/**
 * A huddle from beginning to end: a message of subtype `huddle_thread` by Slackbot, then a change that brings
 * the notes. The message and its room: docs.slack.dev/reference/objects/conversation-object. The notes, alone among its
 * files, which name the transcript: 100Thieves-team/plady-agent-platform, docs/webex-ingest.md. They are filled later
 * (`edit`); the transcript no bot can fetch (paradigmxyz/centaur#1050). It belongs to the channel
 * (gabrielmicro1/cdp-harness, make_slack_export_mini.py). That no event reports it (none was ever recorded), and that
 * the room names the notes, is our reading.
 */
export function holdHuddle(
  world: World,
  channel: ChannelRecord,
  { html = '' }: { html?: string } = {},
): { ts: string; notes: string; transcript: string } {
  const room = {
    id: newId('R'),
    name: '',
    created_by: channel.creator,
    date_start: seconds(),
    date_end: 0,
    channels: [channel.id],
    has_ended: false,
    attached_file_ids: [],
    call_family: 'huddle',
  };
  const draft = { channel: channel.id, user: 'USLACKBOT', text: '', subtype: 'huddle_thread', room };
  const message = postMessage(world, { ...draft, blocks: [STARTED] });
  const transcript = makeTranscript(world);
  transcript.shares.push({ channel: channel.id, ts: message.ts, user: 'USLACKBOT' });
  world.state.files.set(transcript.id, transcript);
  const title = `:headphones: Huddle notes: 9/5/26 in <#${channel.id}>`;
  const notes = makeCanvas(world, 'USLACKBOT', { title, html }, 'Huddle_notes');
  if (notes.canvas !== undefined) notes.canvas.huddle_transcript = transcript.id;
  world.state.files.set(notes.id, notes);
  message.room = { ...room, date_end: seconds(), has_ended: true, attached_file_ids: [notes.id] };
  editMessage(world, message, { files: [notes.id] }, 'USLACKBOT');
  return { ts: message.ts, notes: notes.id, transcript: transcript.id };
}

const STARTED = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'A huddle started' }] }],
};

function makeTranscript(world: World): FileRecord {
  const id = newId('F');
  writeFileSync(world.state.filePath(id), '{}');
  return createFile(world, {
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
}
