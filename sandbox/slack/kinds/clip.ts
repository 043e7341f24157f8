/** Clips: voice and video messages recorded in Slack, and what Slack makes of an uploaded MP3 or MP4. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createFile, touchFile } from '../files.ts';
import { newId } from '../ids.ts';
import { postMessage } from '../messages.ts';
import type { FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import type { ClipFacts } from './facts.ts';
import { partPath } from './serve.ts';

export interface NewClip {
  kind: 'audio' | 'video';
  /** The size that Slack names: the recording's, which nobody can fetch. */
  recordedBytes: number;
  /** What its URL sends. */
  transcode: Uint8Array;
  /** Of the recording; `audio_message.webm` or `screen_recording.webm` when left out. */
  name?: string;
  mimetype?: string;
  duration_ms?: number;
  /** What was said; `processing`: Slack is still transcribing, until `transcribe` is called. */
  transcript?: string | 'processing';
  text?: string;
  thread_ts?: string;
}

/** Its transcode must lie at `partPath(file, 'tmb')` when `transcode` is left out. */
type ClipToMake = Omit<NewClip, 'transcode'> & { transcode?: Uint8Array; id?: string };

/** Records a clip in a channel. */
export function recordClip(
  world: World,
  user: string,
  channel: string,
  clip: ClipToMake,
): { ts: string; files: string[] } {
  const { id } = makeClip(world, user, clip);
  const { text = '', thread_ts } = clip;
  const draft = { channel, user, text, files: [id], ...(thread_ts === undefined ? {} : { thread_ts }) };
  return { ts: postMessage(world, draft).ts, files: [id] };
}

/**
 * Records a clip that is not shared yet. Slack's names for voice clips are `audio_message.webm` (2023, gregnwosu/slackbot)
 * and `audio_message.m4a` (2026, jdlien/goldfish), the transcode's is `audio_message_audio.mp4`. Of a recorded screen only
 * `screenshare.mp4` was met (gabrielmicro1/cdp-harness, make_slack_export_mini.py): its name here is our reading.
 */
export function makeClip(world: World, user: string, clip: ClipToMake): FileRecord {
  const id = clip.id ?? newId('F');
  if (clip.transcode !== undefined) writeFileSync(partPath(world, { id }, 'tmb'), clip.transcode);
  const audio = clip.kind === 'audio';
  const name = clip.name ?? (audio ? 'audio_message.webm' : 'screen_recording.webm');
  return createFile(world, {
    id,
    name,
    user,
    size: clip.recordedBytes,
    ...typeOfClip(name, clip),
    clip: {
      kind: clip.kind,
      recorded: true,
      hash: newHash(),
      name: audio ? 'audio_message_audio.mp4' : `${stem(name)}.mp4`,
      duration_ms: clip.duration_ms ?? 6899,
      transcription: transcriptionOf(clip.transcript),
    },
  });
}

/**
 * Ends the transcription of a clip. The event comes with `processing`, and `files.info` says `complete` later
 * (gregnwosu/slackbot, 2023). That `file_change` tells it follows from Slack's text, "sent when any property of a file
 * is changed" (docs.slack.dev/reference/events/file_change); no recording found.
 */
export function transcribe(world: World, file: FileRecord, text: string): void {
  if (file.clip === undefined) throw new Error(`${file.id} is no clip`);
  file.clip.transcription = { status: 'complete', text };
  touchFile(world, file);
}

/**
 * Gives an uploaded MP3 or MP4 its transcode: other bytes, at another URL (nyaruka/courier, recorded 2022). Left out,
 * a few words replace it, so that nobody can take it for the original.
 */
export function addTranscode(world: World, file: FileRecord, transcode?: Uint8Array): void {
  writeFileSync(partPath(world, file, 'tmb'), transcode ?? `A transcode of ${file.name}`);
  const audio = file.filetype === 'mp3' || file.filetype === 'm4a';
  file.clip = {
    kind: audio ? 'audio' : 'video',
    recorded: false,
    hash: newHash(),
    name: `${stem(file.name ?? 'file')}${audio ? '_audio' : ''}.mp4`,
    duration_ms: 3187,
    transcription: { status: 'none' },
  };
  world.state.files.set(file.id, file);
}

function typeOfClip(name: string, { kind, mimetype }: { kind: 'audio' | 'video'; mimetype?: string }) {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? 'webm';
  const usual = ending === 'm4a' || ending === 'mp4' ? 'mp4' : ending;
  return { mimetype: mimetype ?? `${kind}/${usual}`, filetype: ending };
}

function transcriptionOf(transcript: string | undefined): ClipFacts['transcription'] {
  if (transcript === undefined) return { status: 'none' };
  return transcript === 'processing' ? { status: 'processing' } : { status: 'complete', text: transcript };
}

function stem(name: string): string {
  const simple = name.toLowerCase().replace(/\.[a-z0-9]+$/, '');
  return simple.replace(/[^a-z0-9_-]+/g, '_') || 'file';
}

function newHash(): string {
  return randomBytes(5).toString('hex');
}
