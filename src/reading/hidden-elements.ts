import { attribute } from './xml.ts';

/** What has a style of its own that may hide it, and of which family that is (ODF 1.3, part 3, chapter 16.2). */
const FAMILIES: Record<string, string> = { p: 'paragraph', h: 'paragraph', span: 'text' };

/**
 * Follows the elements of an OpenDocument text: letters and paragraphs are hidden by a style that says so, which stands before them; sections, fields
 * (`text:display`: chapters 19.800 and 20.339) and drawings (`draw:display`) say it themselves.
 */
export function hiddenElements(): {
  open(tag: string, attributes: Record<string, string>): void;
  close(tag: string): void;
  isWithin(): boolean;
} {
  const styles = new Set<string>();
  /** The style that is being described. */
  let style = '';
  /** Of those that are open, from outside to inside, whether each is hidden. */
  const open: boolean[] = [];
  let hidden = 0;
  const isHidden = (tag: string, attributes: Record<string, string>) =>
    attribute(attributes, 'display') === 'none' ||
    (Object.hasOwn(FAMILIES, tag) && styles.has(`${FAMILIES[tag]} ${attribute(attributes, 'style-name')}`));
  return {
    open(tag, attributes) {
      const isOfStyle = tag === 'text-properties';
      if (tag === 'style') style = `${attribute(attributes, 'family')} ${attribute(attributes, 'name')}`;
      else if (isOfStyle && attribute(attributes, 'display') === 'none') styles.add(style);
      open.push(!isOfStyle && isHidden(tag, attributes));
      hidden += Number(open.at(-1));
    },
    close(tag) {
      if (tag === 'style') style = '';
      hidden -= Number(open.pop() ?? false);
    },
    isWithin: () => hidden > 0,
  };
}
