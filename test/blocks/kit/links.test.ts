import { describe, expect, it } from 'vitest';
import { linkTo, safeLink, serviceOf } from '../../../src/blocks/kit/links.ts';

describe('addresses that came with a file', () => {
  it.each([
    ['https://drive.google.com/file/d/1', 'https://drive.google.com/file/d/1'],
    ['HTTP://Example.COM/a b', 'http://example.com/a%20b'],
    ['https://example.com/\n<!channel>', 'https://example.com/%3C!channel%3E'],
  ])('%j is opened as a browser reads it', (given, expected) => {
    expect(safeLink(given)).toBe(expected);
  });

  it.each([
    ...[
      null,
      '',
      'plan.pdf',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https://',
      '//x.y/z',
    ],
    ...['slack://open', 'ftp://example.com/a', `https://example.com/${'x'.repeat(3_000)}`],
  ])('%j is none to open', (given) => {
    expect(safeLink(given)).toBeNull();
  });

  it('cannot break out of their link', () => {
    const url = safeLink('https://example.com/a|b?c=1&d=<!here>#|>') as string;
    expect(linkTo(url, 'Open')).toMatch(/^<https:\/\/example\.com\/[^<>|]*\|Open>$/);
  });

  const service = (
    externalUrl: string | null,
    filetype: string | null = null,
    mimetype: string | null = null,
  ) => serviceOf({ externalUrl, filetype, mimetype });

  it.each([
    ['https://docs.google.com/document/d/1/edit', 'Google Drive'],
    ['https://drive.google.com/open?id=1', 'Google Drive'],
    ['https://www.dropbox.com/s/1/a.pdf', 'Dropbox'],
    ['https://1drv.ms/w/s!1', 'OneDrive'],
    ['https://acme-my.sharepoint.com/personal/a', 'OneDrive'],
    ['https://acme.sharepoint.com/sites/a', 'SharePoint'],
    ['https://acme.app.box.com/file/1', 'Box'],
    ['https://www.figma.com/file/1', 'Figma'],
    ['https://drive.example.com/1', null],
    ['https://notdropbox.com/1', null],
    ['https://dropbox.com.evil.example/1', null],
    ['https://evil.example/dropbox.com', null],
  ])('%s lives at %s', (url, expected) => {
    expect(service(url)).toBe(expected);
  });

  it('are Google’s when Slack names one of its types', () => {
    expect(service('https://example.com/doc', 'gdoc')).toBe('Google Drive');
    expect(service(null, 'gsheet')).toBe('Google Drive');
    expect(service(null, null, 'application/vnd.google-apps.document')).toBe('Google Drive');
    expect(service(null, 'gif', 'image/gif')).toBeNull();
  });
});
