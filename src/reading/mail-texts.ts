import PostalMime, { type Email } from 'postal-mime';
import { ReadingError } from './reading.ts';

/** Ways to say the same: a text, pages; or what stands above a mail in the mail, whose text follows. */
export interface Said {
  texts: string[];
  pages: string[];
  mail: Email | undefined;
}

/**
 * What postal-mime gathers of each part (its src/postal-mime.ts), in their order, before it puts all of them together. For that it makes text of
 * pages beside texts, with what these hide.
 */
interface Gathered {
  textMap: Map<unknown, Partial<Record<'plain' | 'html', (Piece | Inner)[]>>>;
}
interface Piece {
  type: 'text';
  value: string;
}
interface Inner {
  type: 'subMessage';
  value: Email;
}

/** A mail in a mail in a mail. */
const DEEPEST = 32;

/** Takes a mail apart. Throws `ReadingError` for one that cannot be read. */
export async function textsOf(bytes: Buffer): Promise<{ mail: Email; said: Said[] }> {
  const parser = new PostalMime({ maxNestingDepth: DEEPEST });
  const mail = await parser.parse(bytes).catch((cause: unknown) => {
    throw new ReadingError('damaged', 'The mail cannot be read.', { cause });
  });
  const { textMap } = parser as unknown as Gathered;
  return { mail, said: [...textMap.values()].map(({ plain = [], html = [] }) => saidIn(plain, html)) };
}

function saidIn(plain: (Piece | Inner)[], html: (Piece | Inner)[]): Said {
  const valuesOf = (all: (Piece | Inner)[]) => all.flatMap((one) => (one.type === 'text' ? one.value : []));
  const inner = [...plain, ...html].find((one) => one.type === 'subMessage');
  return { texts: valuesOf(plain), pages: valuesOf(html), mail: inner?.value };
}
