/**
 * Code pages whose names (`cp932`, `windows-65001`) Node does not know, by their numbers
 * (learn.microsoft.com/windows/win32/intl/code-page-identifiers), in the Encoding Standard's names.
 */
const PAGES: Record<string, string> = {
  ...{ 874: 'windows-874', 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' },
  ...{ 10000: 'macintosh', 10007: 'x-mac-cyrillic', 20127: 'windows-1252', 20866: 'koi8-r', 20932: 'euc-jp' },
  ...{ 21866: 'koi8-u', 50220: 'iso-2022-jp', 50221: 'iso-2022-jp', 50222: 'iso-2022-jp', 51932: 'euc-jp' },
  ...{ 51949: 'euc-kr', 54936: 'gb18030', 65001: 'utf-8' },
};
const PAGE = /^(?:x-)?(?:cp|ms|windows|ibm|dos)?[-_]?(\d{3,5})$/;
/** Windows’ own for one part of the world, and those of ISO 8859 with their numbers of Windows. */
const OF_WINDOWS = /^125[0-8]$/;
const OF_ISO = /^(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})$/;

/** Python's own names, which it writes into heads of mails (CPython, Lib/email/charset.py: CODEC_MAP), and others. */
const NAMES: Record<string, string> = {
  ...{ 'eucgb2312-cn': 'gbk', 'big5-tw': 'big5', 'mac-roman': 'macintosh', macroman: 'macintosh' },
  ...{ 'latin-1': 'windows-1252', utf8mb4: 'utf-8' },
};

/** What programs call an encoding, as the Encoding Standard calls it; unchanged where that is not known. */
export function plainLabel(label: string): string {
  const name = label.toLowerCase().replace(/^\s*["']?\s*|\s*["']?\s*$/g, '');
  if (isStandard(name)) return name;
  const plain = name.replaceAll('_', '-');
  if (Object.hasOwn(NAMES, plain)) return NAMES[plain] as string;
  const page = PAGE.exec(name)?.[1] ?? '';
  if (Object.hasOwn(PAGES, page)) return PAGES[page] as string;
  if (OF_WINDOWS.test(page)) return `windows-${page}`;
  const part = OF_ISO.exec(name)?.[1];
  return part === undefined ? plain : `iso-8859-${part}`;
}

/** Whether the Encoding Standard has this name. */
export function isStandard(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
