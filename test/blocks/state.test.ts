import { describe, expect, it } from 'vitest';
import { MB } from '../../src/blocks/channel.ts';
import {
  briefReason,
  failureSentence,
  listNote,
  reasonWords,
  skipSentence,
  stateNote,
  whereToOpen,
} from '../../src/blocks/state.ts';
import { reasons } from '../../src/blocks/text/wording-unkept.ts';
import type { FileRow, SkipReason } from '../../src/catalog/model.ts';
import { file, NOW, notStored } from './samples.ts';

const failed = { ...file(notStored), state: 'failed' as const };

describe('why a file is not in the vault', () => {
  it('is silent about a file that is', () => {
    expect(stateNote(file(), NOW)).toBe('');
  });

  it('says when it is tried again', () => {
    expect(stateNote({ ...failed, dueAt: NOW + 60_000 }, NOW)).toMatch(/Next try: <!date\^/);
    expect(stateNote({ ...failed, dueAt: NOW }, NOW)).toContain('Trying again now.');
    expect(stateNote({ ...failed, dueAt: null }, NOW)).toBe(':warning: It could not be saved.');
  });

  it('has its own words for the bucket, and the recorded ones for the rest', () => {
    const errorText = 'S3 at 10.0.0.1 could not be reached; check AWS_ENDPOINT_URL_S3.';
    expect(failureSentence({ errorCode: 'bucket_unreachable', errorText })).not.toContain('10.0.0.1');
    const recorded = { errorCode: 'login_page', errorText: 'Slack answered with a login page.' };
    expect(failureSentence(recorded)).toBe('Slack answered with a login page.');
    expect(failureSentence({ errorCode: 'toString', errorText: null })).toBe('It could not be saved.');
  });
});

describe('what a list says of a file that the vault does not have', () => {
  const skipped = (reason: SkipReason, given: Partial<FileRow> = {}) =>
    file({
      ...notStored,
      state: 'skipped',
      reason,
      name: 'film.MOV',
      filetype: 'quicktime',
      size: 5 * MB,
      ...given,
    });
  const SLACK = '<https://example.slack.com/files/U0ANN/F0AB12CD34/q3.pdf|Open in Slack>';

  it.each([
    [
      skipped('external', { externalUrl: 'https://docs.google.com/d/1' }),
      'Google Drive, link only · <https://docs.google.com/d/1|Open>',
    ],
    [skipped('external', { externalUrl: 'https://x.example/1' }), 'Link only · <https://x.example/1|Open>'],
    [skipped('external', { externalUrl: 'javascript:x' }), `Link only · ${SLACK}`],
    [skipped('external', { externalUrl: 'javascript:x', permalink: null }), 'Link only'],
    [skipped('too_large'), `Not saved: larger than this channel allows (1 MB) · ${SLACK}`],
    [skipped('too_large', { size: MB }), `Not saved: larger than this channel allowed · ${SLACK}`],
    [skipped('too_large', { size: null }), `Not saved: larger than this channel allows (1 MB) · ${SLACK}`],
    [skipped('excluded_type'), `Not saved: files of type mov are not saved here · ${SLACK}`],
    [
      skipped('excluded_type', { name: 'film' }),
      `Not saved: files of type quicktime are not saved here · ${SLACK}`,
    ],
    [skipped('hidden_by_limit'), 'Not saved: hidden by Slack’s plan'],
    [skipped('deleted_in_slack'), 'Not saved: it was deleted in Slack before it could be fetched'],
    [skipped('access_denied', { slackDeletedAt: NOW }), 'Not saved: Slack does not show it to me'],
    [skipped('no_content'), `Not saved: Slack offers nothing to fetch · ${SLACK}`],
    [
      skipped('access_denied', { errorCode: 'refused_to_bots' }),
      `Not saved: Slack shows it to people only, not to apps · ${SLACK}`,
    ],
    [file({ ...notStored, state: 'pending' }), 'On its way'],
    [file({ ...notStored, state: 'storing' }), 'On its way'],
    [{ ...failed, dueAt: NOW }, ':warning: Being retried: It could not be saved. Trying again now.'],
    [file(), ''],
  ])('%#', (given, expected) => {
    const note = listNote(given, NOW, MB);
    if (expected === 'On its way') expect(note).toContain(expected);
    else expect(note.replace(':information_source: ', '')).toBe(expected);
  });

  it('has a word for every reason, in each form', () => {
    for (const reason of Object.keys(reasons) as SkipReason[]) {
      expect(skipSentence({ reason })).toMatch(/^[A-Z].+\.$/);
      expect(briefReason({ reason })).toMatch(/^[A-Za-z][^.:()]+$/);
    }
    expect(skipSentence({ reason: null })).toBe('It could not be fetched.');
    expect(reasonWords({ reason: 'access_denied', errorCode: 'refused_to_bots' }).remedy).toBeUndefined();
    for (const reason of Object.keys(reasons) as SkipReason[])
      expect(stateNote(skipped(reason), NOW)).toMatch(/Not saved: \S|Link only/);
  });

  it('leads nowhere from a stored file, unless it lives elsewhere', () => {
    expect(whereToOpen(file())).toBeNull();
    expect(whereToOpen(file({ externalUrl: 'https://x.example/' }))).toMatchObject({ inSlack: false });
  });
});
