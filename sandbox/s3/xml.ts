import { XMLParser } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

/** What becomes XML: text, a number, a switch, a list (the element repeats), or elements in order. */
export type XmlValue = string | number | boolean | undefined | XmlValue[] | { [element: string]: XmlValue };

const ENTITY: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

// Entities stay as they are here and are decoded below, so that a client can never define its own.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
});

/**
 * Text for an element. Control characters become references, as S3 sends them, since a raw `\r` would not
 * survive.
 */
function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones that need it
  return text.replace(/[&<>"'\u0000-\u001f\u007f-\u009f\u2028\ufffe\uffff]/g, (char) => {
    const name = Object.keys(ENTITY).find((key) => ENTITY[key] === char);
    return name ? `&${name};` : `&#${char.charCodeAt(0)};`;
  });
}

function decodeText(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (name) return ENTITY[name.toLowerCase()] ?? whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeText(String(value))}</${name}>`;
  return `<${name}>${inner(value)}</${name}>`;
}

function inner(elements: { [element: string]: XmlValue }): string {
  return Object.entries(elements)
    .map(([name, value]) => element(name, value))
    .join('');
}

/** A whole document with one root. Elements that are `undefined` are left out. */
export function document(root: string, value: { [element: string]: XmlValue }, namespace = true): string {
  const attribute = namespace ? ` xmlns="${NAMESPACE}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(value)}</${root}>`;
}

/** One element of a parsed document, read by name. */
export interface XmlNode {
  /** The text of a child, or undefined if there is none. */
  text(name: string): string | undefined;
  /** All children of that name. */
  all(name: string): XmlNode[];
}

function node(value: unknown): XmlNode {
  const children = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const named = (name: string): unknown[] => {
    const found = children[name];
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  };
  return {
    text(name) {
      const [first] = named(name);
      return typeof first === 'string' ? decodeText(first) : undefined;
    },
    all: (name) => named(name).map(node),
  };
}

/** Reads a request document. @throws S3Error `MalformedXML` unless it is XML with that root. */
export function parseDocument(body: Buffer, root: string): XmlNode {
  let parsed: Record<string, unknown>;
  try {
    parsed = parser.parse(body.toString('utf8'), true);
  } catch (cause) {
    throw malformed(cause);
  }
  if (!(root in parsed)) throw malformed();
  return node(parsed[root]);
}

function malformed(cause?: unknown): S3Error {
  return new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { cause },
  );
}
