import { describe, expect, it } from 'vitest';
import { failureSentence, stateNote } from '../../src/blocks/state.ts';
import { file, NOW, notStored } from './samples.ts';

const failed = { ...file(notStored), state: 'failed' as const };

describe('why a file is not in the vault', () => {
  it('is silent about a file that is', () => {
    expect(stateNote(file(), NOW)).toBe('');
  });

  it('says when it is tried again', () => {
    expect(stateNote({ ...failed, dueAt: NOW + 60_000 }, NOW)).toMatch(/Next try: <!date\^/);
    expect(stateNote({ ...failed, dueAt: NOW }, NOW)).toContain('Trying again now.');
    expect(stateNote({ ...failed, dueAt: null }, NOW)).toBe(':warning: It could not be stored.');
  });

  it('has its own words for the bucket, and the recorded ones for the rest', () => {
    const errorText = 'S3 at 10.0.0.1 could not be reached; check AWS_ENDPOINT_URL_S3.';
    expect(failureSentence({ errorCode: 'bucket_unreachable', errorText })).not.toContain('10.0.0.1');
    const recorded = { errorCode: 'login_page', errorText: 'Slack answered with a login page.' };
    expect(failureSentence(recorded)).toBe('Slack answered with a login page.');
    expect(failureSentence({ errorCode: 'toString', errorText: null })).toBe('It could not be stored.');
  });
});
