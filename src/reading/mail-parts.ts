/** A piece of a mail: what it says of itself, its bytes as they are packed, and what follows up to the next piece. All pieces together are the mail. */
export interface MailPart {
  head: Buffer;
  body: Buffer;
  rest: Buffer;
}

/** What a part says of what is in it (RFC 2045). */
export interface Content {
  type: string;
  /** What is said behind the type, as it stands. */
  more: string;
  charset: string | undefined;
  boundary: string | undefined;
  packing: string;
}

/** A longer head is refused where the mail is read. */
export const LONGEST_HEAD = 2 * 1024 ** 2;
const [NEWLINE, RETURN] = [10, 13];

/** Takes a mail apart, in one go from its beginning to its end: parts in parts and mails in it, too. Nothing is unpacked. */
export function* mailParts(mail: Buffer): Generator<MailPart> {
  const boundaries = new Set<string>();
  for (let at = 0; at < mail.length; ) {
    const body = endOfHead(mail, at, boundaries);
    const head = mail.subarray(at, body);
    const content = contentOf(head);
    if (content.boundary !== undefined) boundaries.add(content.boundary);
    // A mail in a mail begins with a head of its own.
    const isMail = content.type === 'message/rfc822' && !/base64|quoted/.test(content.packing);
    const end = isMail ? body : endOfBody(mail, body, boundaries);
    at = isMail ? body : nextHead(mail, end, boundaries);
    yield { head, body: mail.subarray(body, end), rest: mail.subarray(end, at) };
  }
}

function endOfHead(mail: Buffer, from: number, boundaries: ReadonlySet<string>): number {
  for (let at = from; at < mail.length; ) {
    const line = lineAt(mail, at);
    if (line === '') return afterLine(mail, at);
    if (delimits(line, boundaries) !== null) return at;
    if (at - from > LONGEST_HEAD) break;
    at = afterLine(mail, at);
  }
  return mail.length;
}

/** Where the next line stands that delimits parts. `from` is where a line begins. */
function endOfBody(mail: Buffer, from: number, boundaries: ReadonlySet<string>): number {
  if (boundaries.size === 0) return mail.length;
  for (let at = mail.indexOf('\n--', Math.max(0, from - 1)); at >= 0; at = mail.indexOf('\n--', at + 1))
    if (delimits(lineAt(mail, at + 1), boundaries) !== null) return at + 1;
  return mail.length;
}

/** Behind the last part nothing counts until the next one of those around it. */
function nextHead(mail: Buffer, from: number, boundaries: ReadonlySet<string>): number {
  for (let at = from; at < mail.length; ) {
    const kind = delimits(lineAt(mail, at), boundaries);
    at = afterLine(mail, at);
    if (kind === 'part') return at;
    at = endOfBody(mail, at, boundaries);
  }
  return mail.length;
}

function delimits(line: string, boundaries: ReadonlySet<string>): 'part' | 'end' | null {
  if (!line.startsWith('--')) return null;
  const name = line.slice(2).trimEnd();
  if (boundaries.has(name)) return 'part';
  return name.endsWith('--') && boundaries.has(name.slice(0, -2)) ? 'end' : null;
}

function afterLine(mail: Buffer, at: number): number {
  const end = mail.indexOf(NEWLINE, at);
  return end < 0 ? mail.length : end + 1;
}

/** No delimiter is longer; of other lines, the beginning says enough. */
const LONGEST_LINE = 1_000;

function lineAt(mail: Buffer, at: number): string {
  let end = Math.min(afterLine(mail, at), at + LONGEST_LINE);
  while (end > at && (mail[end - 1] === NEWLINE || mail[end - 1] === RETURN)) end -= 1;
  return mail.toString('latin1', at, end);
}

const TYPE = /^[ \t]*([\w.+-]+\/[\w.+-]+)[ \t]*(.*)$/s;

/** Of a field that stands twice, the first counts. */
export function contentOf(head: Buffer): Content {
  const text = head.length > LONGEST_HEAD ? '' : head.toString('utf8').replace(/\r?\n(?=[ \t])/g, '');
  const [, type = '', more = ''] = TYPE.exec(field(text, 'type') ?? 'text/plain') ?? [];
  return {
    type: type.toLowerCase(),
    more,
    charset: parameter(more, 'charset')?.trim().toLowerCase(),
    boundary: /^multipart\//i.test(type) ? parameter(more, 'boundary') : undefined,
    packing: (field(text, 'transfer-encoding') ?? '').toLowerCase(),
  };
}

function field(head: string, name: string): string | undefined {
  return new RegExp(`^content-${name}[ \\t]*:(.*)$`, 'im').exec(head)?.[1];
}

function parameter(more: string, name: string): string | undefined {
  const found = new RegExp(`;[ \\t]*${name}[ \\t]*=[ \\t]*(?:"([^"]*)"?|([^;\\s]*))`, 'i').exec(more);
  return found?.[1] ?? found?.[2];
}
