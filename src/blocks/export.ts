import type { Button } from '@slack/types';
import type { ExportJob } from '../catalog/governance/exports.ts';
import { actions, button, context, type Screen, section } from './kit/elements.ts';
import { limits } from './kit/limits.ts';
import { channel, moment } from './kit/mrkdwn.ts';
import { exports as words } from './text/wording-audit.ts';

type About = Pick<ExportJob, 'kind' | 'format' | 'channelId'>;

function whatOf({ kind, format, channelId }: About): string {
  if (kind === 'workspace') return words.workspace(format.toUpperCase());
  return kind === 'audit' ? words.audit : words.manifest(channel(channelId), format.toUpperCase());
}

/** Shown at once, while it is being made. */
export function exportStarted(job: About): Screen {
  const text = words.started(whatOf(job));
  return { text, blocks: [section(text), context(words.startedHint)] };
}

/** A link to an export. It works for some minutes. */
interface Link {
  url: string;
  minutes: number;
}

/**
 * Shown when it is ready, to the person who asked: with a link if they wait for it, and always with a button that makes
 * one, as a link ends sooner than the export. `goneAt` is in ms. Throws a RangeError if the URL is too long for a button.
 */
export function exportReady(job: ExportJob & { goneAt: number; link?: Link | undefined }): Screen {
  const text = words.ready(whatOf(job));
  const gone = moment(job.goneAt);
  return {
    text,
    blocks: [
      section(`${text}\n${words.facts(job.rowCount, job.bytes)}`),
      ...actions(job.link === undefined ? [makeLink(job, words.get, 'primary')] : withLink(job, job.link)),
      context(job.link === undefined ? words.until(gone) : words.link(job.link.minutes, gone)),
    ],
  };
}

function withLink(job: ExportJob, { url }: Link): Button[] {
  if (url.length > limits.buttonUrl)
    throw new RangeError(`A link of ${url.length} characters fits no button.`);
  const get = button({
    actionId: 'open_link',
    text: words.get,
    label: words.getLabel,
    url,
    style: 'primary',
  });
  return [get, makeLink(job, words.again)];
}

function makeLink({ exportId }: ExportJob, text: string, style?: 'primary'): Button {
  const label = style === undefined ? words.againLabel : words.getLabel;
  const parts = { actionId: 'export_link', text, label, value: exportId };
  return button(style === undefined ? parts : { ...parts, style });
}

/** It could not be made, or is no longer allowed. */
export function exportNotMade({ why }: { why: 'failed' | 'refused' }): Screen {
  return { text: words[why], blocks: [section(words[why])] };
}
