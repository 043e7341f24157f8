import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downloadName, type Named } from '../src/file-names.ts';

const file: Named = { fileId: 'F1', name: 'a.pdf', title: 'A', mode: 'hosted', filetype: 'pdf' };
const canvas = { ...file, name: 'Weekly Sync', mode: 'quip', filetype: 'quip' };
const clip = { ...file, name: 'audio_message.webm', filetype: 'webm', facts: { transcode: true } };

describe('the name of a download', () => {
  it.each([
    ['an upload keeps its own', file, 'a.pdf'],
    ['also without an ending', { ...file, name: 'Makefile', mimetype: 'text/plain' }, 'Makefile'],
    ['also when its bytes are something else', { ...file, name: 'a.pdf', storedType: 'image/png' }, 'a.pdf'],
    ['a canvas is a page', { ...canvas, storedType: 'text/html; charset=utf-8' }, 'Weekly Sync.html'],
    [
      'a canvas whose title has a dot',
      { ...canvas, name: 'Release 2.0', storedType: 'text/html' },
      'Release 2.0.html',
    ],
    [
      'a canvas that is called like a file',
      { ...canvas, name: 'todo.txt', storedType: 'text/html' },
      'todo.txt.html',
    ],
    [
      'a canvas that is called like its page',
      { ...canvas, name: 'a.html', storedType: 'text/html' },
      'a.html',
    ],
    [
      'an e-mail in plain text',
      { ...file, name: 'Re: x', mode: 'email', storedType: 'text/plain' },
      'Re: x.txt',
    ],
    [
      'an e-mail called like a file',
      { ...file, name: 'Fwd: a.pdf', mode: 'email', storedType: 'text/html' },
      'Fwd: a.pdf.html',
    ],
    ['a list as a table', { ...file, name: 'Board', mode: 'list', storedType: 'text/csv' }, 'Board.csv'],
    [
      'a list with threads',
      { ...file, name: 'Board', mode: 'list', storedType: 'application/json' },
      'Board.json',
    ],
    ['a recording as what came', { ...clip, storedType: 'video/mp4' }, 'audio_message.mp4'],
    ['a recording in sound', { ...clip, storedType: 'audio/mp4' }, 'audio_message.m4a'],
    ['a recording in a container that fits', { ...clip, name: 'a.m4a', storedType: 'video/mp4' }, 'a.m4a'],
    [
      'a recording of an unknown type',
      { ...clip, storedType: 'application/octet-stream' },
      'audio_message.webm',
    ],
    ['what has only a title', { ...file, name: null, mimetype: 'application/pdf' }, 'A.pdf'],
    ['what has neither', { ...file, name: null, title: null, mimetype: 'image/png' }, 'F1.png'],
    [
      'a snippet without an ending',
      { ...file, name: 'deploy', mode: 'snippet', filetype: 'shell' },
      'deploy.sh',
    ],
    ['a canvas stored by an earlier version', { ...canvas, storedType: null }, 'Weekly Sync'],
  ] as Array<[string, Named, string]>)('%s', (_what, named, name) => expect(downloadName(named)).toBe(name));

  it('is never empty, whatever Slack says', () => {
    const text = fc.option(
      fc.oneof(fc.string(), fc.constantFrom('text/html', 'a.b', '', ' ', 'quip', 'snippet')),
    );
    fc.assert(
      fc.property(text, text, text, text, text, (name, title, mode, filetype, storedType) => {
        const given = downloadName({ fileId: 'F1', name, title, mode, filetype, storedType });
        expect(given.trim()).not.toBe('');
      }),
    );
  });
});
