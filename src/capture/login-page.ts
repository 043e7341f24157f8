import type { FileRow } from '../catalog/model.ts';
import { type Described, isRendered, kindOf } from '../file-kinds.ts';

export type FileKind = Pick<FileRow, 'name' | 'mimetype' | 'filetype' | 'mode'> & Described;

/** The part of a body that is searched for marks of a page that is not the file. Slack's sign-in page is smaller. */
export const JUDGED_BYTES = 64 * 1024;

/** Can the bytes of this file be an HTML page? */
export function mayBeHtml(file: FileKind): boolean {
  return (
    isRendered(file) ||
    /html/i.test(file.mimetype ?? '') ||
    /^x?html?$/i.test(file.filetype ?? '') ||
    /\.(x?html?|mht|mhtml)$/i.test(file.name ?? '')
  );
}

/** What can come before a page's first tag: comments, white space and a byte order mark. */
const BEFORE = /^\ufeff?(?:\s+|<!--[\s\S]*?-->|<\?xml[^<>]*>)*/;

/** Does this beginning of a body look like a whole HTML page, with a doctype or `<html>`? */
function looksLikeHtml(beginning: Buffer): boolean {
  return /^<(!doctype\s+html|html)[\s>]/i.test(afterComments(beginning));
}

/** Does it begin with any HTML tag? True for white space alone: a tag may follow. */
export function maySayHtml(beginning: Buffer): boolean {
  return /^(?:<[a-z!/?]|$)/i.test(afterComments(beginning));
}

function afterComments(beginning: Buffer): string {
  const text = beginning.toString('latin1', 0, JUDGED_BYTES).replace(/^\xef\xbb\xbf/, '');
  return text.replace(BEFORE, '').slice(0, 64);
}

/**
 * Marks of Slack's own pages. Each is inside a tag: in the text of a document `<` is written as `&lt;`, so words
 * about a sign-in page do not match. A link counts only when it can lead only to the page's own host; no link in an
 * e-mail or a document does.
 */
const MARKS: readonly RegExp[] = [
  /<title[^<>]*>[^<]{0,200}(?:log ?in|sign ?in)[^<]{0,200}slack[^<]{0,40}<\/title>/i,
  /<[a-z][^<>]*\sdata-qa=["']?signin/i,
  /<(?:form|input|button)[^<>]*\s(?:id|name)=["']?sign_?in(?:_form|_btn)?["'\s>]/i,
  /<form[^<>]*\saction=["']?https:\/\/[\w.-]*slack\.com\/(?:signin|sign_in|login|checkcookie|\?redir)/i,
  // Relative: `"/signin?redir=…"`, `"/?redir=%2Ffiles-pri…"`, `url=/signin`.
  /<[a-z][^<>]*["'=](?:\/[a-z/_-]*)?\/?(?:signin["?/]|sign_in["?/]|\?redir=)/i,
  /<input[^<>]*\sname=["']?redir["'\s][^<>]*\svalue=["']?(?:%2f|\/)files/i,
  // Parts of Slack's own web pages, signed in or not. The newer sign-in page is a shell with these two words (reported
  // in stablyai/agent-slack#31).
  /<[a-z][^<>]*(?:&quot;|["'])(?:shouldRedirect|redirectURL)(?:&quot;|["'])/,
  /<script[^<>]*>[^<]*["'](?:shouldRedirect|redirectURL)["']/,
  /<[a-z][^<>]*\s(?:id=["']?props_node|class=["'][^"'<>]*\bp-client_)/,
  /<script[^<>]*\ssrc=["'](?:https:)?\/\/[\w.-]*slack-edge\.com\//i,
  /<html[^<>]*\sdata-cdn=/i,
  /<meta[^<>]*\sname=["']author["'][^<>]*\scontent=["']slack["']/i,
];

/** The sign-in page holds the address of the file, to return to it. Its scripts hold it too. */
const WAY_BACK = /redir["']?\s*[=:]\s*["']?(?:%2f|\\?\/)files(?:-pri|-tmb|-email-priv)?/i;

/** Enough as a mark in a whole page, where Slack always renders only a fragment. */
const WEAK_MARKS =
  /redir=(?:%2f|\/)files|data-qa="signin|\/signin["?/]|slack-edge\.com|type=["']?password|<title[^<>]*>[^<]*slack/i;

/** Is this Slack's sign-in page or another of its web pages? The mark may be anywhere in these bytes. */
function looksLikeSlackPage(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, JUDGED_BYTES);
  if (MARKS.some((mark) => mark.test(text))) return true;
  // An e-mail may have such a title, but it has no scripts.
  if (/<title[^<>]*>[^<]*[|\u2013-][^<|]*\bslack\s*<\/title>/i.test(text) && /<script[\s>]/i.test(text))
    return true;
  // Inside a full address it may be a link that somebody sent. So addresses count only if the title names Slack.
  const isSlacks = /<title[^<>]*>[^<]*slack/i.test(text);
  return WAY_BACK.test(isSlacks ? text : text.replace(/https?:\/\/[^\s"'<>]*/gi, ''));
}

/**
 * Is this body a page instead of the file? `isExact`: the body has the length that Slack states. Then it is the file,
 * whatever is in it. Slack renders a document as a fragment, so a whole page instead of a document needs less proof.
 */
export function isWrongPage(bytes: Buffer, file: FileKind, isExact: boolean): boolean {
  if (isExact) return false;
  const isPage = looksLikeHtml(bytes);
  if (isPage && !mayBeHtml(file)) return true;
  if (isPage && kindOf(file) === 'canvas' && WEAK_MARKS.test(bytes.toString('latin1', 0, JUDGED_BYTES)))
    return true;
  return looksLikeSlackPage(bytes);
}

/**
 * Is this document, which Slack renders as HTML, empty for a reader? `isWhole`: these are all its bytes. A longer
 * document is not empty.
 */
export function isBlank(bytes: Buffer, isWhole: boolean): boolean {
  if (!isWhole) return false;
  const html = bytes.toString('utf8').replace(/<!--[\s\S]*?-->/g, '');
  if (/<(?:img|video|audio|iframe|embed|object|canvas|svg|hr|input)[\s>/]/i.test(html)) return false;
  const text = html
    .replace(/<(head|style|script|title)[\s>][\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:nbsp|#0*160|#x0*a0|zwnj|zwj|#0*820[34567]|#x0*200[b-f]|shy|#0*173|#xfeff);/gi, '')
    .replace(/[\s\p{Cf}\u2800]/gu, '');
  return text === '';
}
