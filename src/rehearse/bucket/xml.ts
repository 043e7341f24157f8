/** Elements that may stand several times beside each other. */
const REPEATED = new Set([
  'Contents',
  'Version',
  'DeleteMarker',
  'Upload',
  'Part',
  'Deleted',
  'CommonPrefixes',
]);

type Node = { [name: string]: unknown };

/**
 * Reads S3's XML into plain objects, as far as its shape needs it: no attributes. Elements that may be repeated become
 * lists. What is no XML comes back as it is.
 */
export function readXml(text: string): unknown {
  const body = text.replace(/^\uFEFF?\s*(<\?xml[^>]*\?>)?\s*/, '');
  if (!/^<[A-Za-z]/.test(body) || /^<(!doctype|html)/i.test(body)) return text;
  const top: Node = {};
  const open: Array<{ name: string; node: Node; text: string }> = [{ name: '', node: top, text: '' }];
  for (const [, closing, name = '', empty, words] of body.matchAll(
    /<(\/?)([A-Za-z][\w:.-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/g,
  )) {
    const inner = open.at(-1);
    if (inner === undefined) return text;
    if (words !== undefined) inner.text += words;
    else if (closing === '') {
      open.push({ name, node: {}, text: '' });
      if (empty === '/' && !close(open)) return text;
    } else if (inner.name !== name || !close(open)) return text;
  }
  return open.length === 1 ? top : text;
}

/** Ends the innermost element and hangs it into the one around it. */
function close(open: Array<{ name: string; node: Node; text: string }>): boolean {
  const done = open.pop();
  const around = open.at(-1);
  if (done === undefined || around === undefined) return false;
  const { name, node } = done;
  const value = Object.keys(node).length > 0 ? node : decoded(done.text.trim());
  if (REPEATED.has(name)) around.node[name] = [...((around.node[name] as unknown[]) ?? []), value];
  else around.node[name] = value;
  return true;
}

const ENTITIES: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'", '#34': '"' };

function decoded(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
