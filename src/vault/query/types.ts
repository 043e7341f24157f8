import { nearestOf } from './names.ts';

/** Families of types: the last words of a line are what people call them, in the plural. */
const FAMILIES: ReadonlyArray<[tags: string, called: string]> = [
  ['image', 'image images picture pictures photo photos pic pics screenshot screenshots img imgs'],
  ['video', 'video videos movie movies clip clips film films'],
  ['audio', 'audio audios sound sounds music song songs voice recording recordings podcast podcasts'],
  ['text', 'text texts snippet snippets plaintext'],
  ['doc,docx,odt,rtf,pages,gdoc', 'docs document documents word'],
  ['xls,xlsx,ods,csv,numbers,gsheet', 'sheet sheets spreadsheet spreadsheets excel table tables'],
  ['ppt,pptx,odp,key,gpres', 'slide slides presentation presentations powerpoint deck decks'],
  ['zip,gz,tar,7z,rar', 'archive archives zips compressed'],
  ['email', 'email emails mail mails e-mail e-mails'],
  ['canvas', 'canvas canvases'],
  ['list', 'list lists'],
  ['post', 'post posts'],
  ['huddle_transcript', 'transcript transcripts huddle huddles'],
  ['jpg,jpeg', 'jpeg jpegs jpgs'],
  [
    'js,javascript,ts,typescript,py,python,go,java,kt,kotlin,c,cpp,cs,csharp,rb,ruby,rs,rust,php,swift,sh,shell,sql,html,css,json,xml,yaml,yml',
    'code source script scripts',
  ],
  ['pdf', 'pdfs'],
];

const BY_WORD = new Map(
  FAMILIES.flatMap(([tags, called]) => called.split(' ').map((word) => [word, tags.split(',')] as const)),
);

/** Words long enough to tell a mistyped one from an ending that nobody foresaw. */
const LONG = [...BY_WORD.keys()].filter((word) => word.length > 4);
const LONG_ENDINGS = new Set(['pages', 'numbers', 'sketch', 'keynote']);

/** Endings whose plural people write: `gifs`, `mp4s`. Others end in `s` by themselves: `xls`, `ics`. */
const PLURAL =
  /^(pdf|png|jpg|gif|svg|psd|heic|webp|bmp|tiff|mp3|mp4|mov|wav|m4a|csv|txt|docx?|xlsx|pptx?|zip|html)s$/;

/** The types that one typed word means, as files are tagged: `images`, `docs`, `.PDF`. */
export function typesOf(word: string): string[] {
  const called = word
    .toLowerCase()
    .trim()
    .replace(/^\*?\./, '');
  const plural = PLURAL.exec(called)?.[1];
  return BY_WORD.get(called) ?? (plural === undefined ? [called] : (BY_WORD.get(plural) ?? [plural]));
}

/** What was meant by a word that is most likely a mistyped family; null for any other word. */
export function typeMeant(word: string): string | null {
  const called = word.toLowerCase();
  if (called.length < 5 || BY_WORD.has(called) || PLURAL.test(called) || LONG_ENDINGS.has(called))
    return null;
  return nearestOf(called, LONG);
}
