import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slackFileId } from '../../../sandbox/page/blocks/slack-file.ts';
import { toHtml, toText } from '../../../sandbox/page/make/canvas-html.ts';
import { serviceName } from '../../../sandbox/page/make/services.ts';
import { titleOf } from '../../../sandbox/page/text/title.ts';

describe('a canvas as text', () => {
  test('lines, headings and items', () => {
    expect(toHtml('# R&D\nPlan <v2>\n- one\n- two\nEnd')).toBe(
      '<h1>R&amp;D</h1>\n<p>Plan &lt;v2&gt;</p>\n<ul><li>one</li><li>two</li></ul>\n<p>End</p>',
    );
  });

  test('an empty canvas is empty text', () => {
    expect([toHtml(''), toText(toHtml('')), toText('')]).toEqual(['', '', '']);
  });

  test('HTML that another program made keeps its words', () => {
    expect(toText('<div class="x"><h2>Notes</h2><p>a<br/>b &amp; c</p></div>')).toBe('## Notes\na\nb & c\n');
  });

  test('what people write comes back as they wrote it', () => {
    const line = fc.string().map((text) => text.replace(/\s+/g, ' ').trim());
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        // `* ` is the other sign for an item.
        const text = lines.map((one) => one.replace(/^[-*] /, '')).join('\n');
        expect(toText(toHtml(text))).toBe(text);
      }),
    );
  });
});

test('services have the names that people use', () => {
  expect(
    [
      ...['https://docs.google.com/x', 'https://acme.sharepoint.com/:w:/x', 'https://WWW.dropbox.com/s'],
      ...['https://wiki.example/page', 'https://notdropbox.com', 'no address'],
    ].map(serviceName),
  ).toEqual([...['Google Drive', 'OneDrive', 'Dropbox', 'wiki.example', 'notdropbox.com', 'Another app']]);
});

test('titles that people wrote in Slack are decoded, file names are not', () => {
  const title = ':tada: R&amp;D &lt;v2&gt;';
  expect(titleOf({ name: '-', title, mode: 'quip' })).toBe('🎉 R&D <v2>');
  expect(titleOf({ name: 'a', title, mode: 'hosted' })).toBe(title);
  expect(titleOf({ name: null, title: null, mode: 'list' })).toBe('Untitled');
});

test('a picture that is a Slack file is found by its id or its URL', () => {
  expect(
    [
      { slack_file: { id: 'F01' } },
      { slack_file: { url: 'http://localhost:1/files-pri/T0AB-F02/x.png' } },
      { slack_file: { url: 'https://example.com/x.png' } },
      { image_url: 'https://example.com/x.png' },
    ].map(slackFileId),
  ).toEqual(['F01', 'F02', null, null]);
});
