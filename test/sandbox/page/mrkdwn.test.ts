import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Inline, type Part, parseInline, parseMrkdwn } from '../../../sandbox/page/text/mrkdwn.ts';

/** Everything that a reader would see, without the styling. */
function visible(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
        case 'code':
        case 'broadcast':
          return node.text;
        case 'bold':
        case 'italic':
        case 'strike':
          return visible(node.children);
        case 'link':
          return node.label;
        case 'emoji':
          return node.char;
        case 'user':
        case 'channel':
          return node.id;
        case 'date':
          return node.fallback;
      }
      return '';
    })
    .join('');
}

function hrefs(parts: Part[]): string[] {
  const within = (nodes: Inline[]): string[] =>
    nodes.flatMap((node) =>
      node.kind === 'link' || node.kind === 'date'
        ? [node.href ?? '']
        : 'children' in node
          ? within(node.children)
          : [],
    );
  return parts.flatMap((part) =>
    part.kind === 'pre' ? [] : within(part.kind === 'quote' ? part.lines.flat() : part.children),
  );
}

describe('inline markup', () => {
  test('bold, italic, strike and code', () => {
    expect(parseInline('*a* _b_ ~c~ `*d*`').filter((node) => node.kind !== 'text')).toEqual([
      { kind: 'bold', children: [{ kind: 'text', text: 'a' }] },
      { kind: 'italic', children: [{ kind: 'text', text: 'b' }] },
      { kind: 'strike', children: [{ kind: 'text', text: 'c' }] },
      { kind: 'code', text: '*d*' },
    ]);
  });

  test.each([
    'my_long_file_name.pdf',
    '2*3*4',
    'a * b * c',
    '*open',
    '__',
    '**',
    '~',
    'x*y*',
    ':nope_nope:',
    '<',
    '<x',
  ])('leaves %j as it is', (text) => expect(parseInline(text)).toEqual([{ kind: 'text', text }]));

  test('mentions, channels, dates, links and broadcasts', () => {
    expect(parseInline('<@U1A><#C1|general><!here><https://x.io/a_b?c=1&amp;d=2|see *x*>')).toEqual([
      { kind: 'user', id: 'U1A' },
      { kind: 'channel', id: 'C1', label: 'general' },
      { kind: 'broadcast', text: '@here' },
      { kind: 'link', href: 'https://x.io/a_b?c=1&d=2', label: 'see *x*' },
    ]);
    expect(parseInline('<!date^1700000000^{date} at {time}^https://x.io/|then>')).toEqual([
      {
        kind: 'date',
        at: 1_700_000_000_000,
        format: '{date} at {time}',
        href: 'https://x.io/',
        fallback: 'then',
      },
    ]);
  });

  test('a bare link ends before the punctuation that follows it', () => {
    expect(parseInline('see https://x.io/a. Bye')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', href: 'https://x.io/a', label: 'https://x.io/a' },
      { kind: 'text', text: '. Bye' },
    ]);
  });

  test('unescapes once, not twice', () => {
    expect(parseInline('&amp;lt;b&gt; &quot;')).toEqual([{ kind: 'text', text: '&lt;b> &quot;' }]);
  });
});

describe('lines', () => {
  test('lists, headings and rules are ordinary text in mrkdwn', () => {
    const lines = ['# not a heading', '1. one', '- two', '---', ''];
    expect(
      parseMrkdwn(lines.join('\n')).map((part) => part.kind === 'line' && visible(part.children)),
    ).toEqual(lines);
  });

  test('quotes that follow each other are one quote', () => {
    expect(parseMrkdwn('&gt; a\n&gt; b\nc').map((part) => part.kind)).toEqual(['quote', 'line']);
  });

  test('a fence keeps its text; an open fence is text', () => {
    expect(parseMrkdwn('see\n```\n*a*\n&lt;b\n```\nend')).toEqual([
      { kind: 'line', children: [{ kind: 'text', text: 'see' }] },
      { kind: 'pre', text: '*a*\n<b' },
      { kind: 'line', children: [{ kind: 'text', text: 'end' }] },
    ]);
    expect(parseMrkdwn('```a')).toEqual([{ kind: 'line', children: [{ kind: 'text', text: '```a' }] }]);
  });
});

describe('properties', () => {
  const soup = fc.string({
    unit: fc.constantFrom(
      ...'*_~`<>|&;:!^#@ab1 \n.'.split(''),
      '&lt;',
      '```',
      '<@U1>',
      'https://',
      'é',
      '😀',
    ),
    maxLength: 60,
  });

  test('never throws, and never makes a link that a browser should not follow', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string()), (text) => {
        for (const href of hrefs(parseMrkdwn(text))) expect(href).toMatch(/^(https?:\/\/|mailto:|tel:|$)/i);
      }),
    );
    expect(hrefs(parseMrkdwn('<javascript:alert(1)|x> <data:text/html,x|y>'))).toEqual([]);
  });

  test('plain words come out as they went in, whatever the script', () => {
    const plain = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[*_~`<>&:\n]|https?/g, ''));
    fc.assert(
      fc.property(plain, (text) => {
        expect(visible(parseInline(text))).toBe(text);
      }),
    );
  });
});
