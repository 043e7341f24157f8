import type { FileRow } from '../../catalog/model.ts';

type Kind = Pick<FileRow, 'name' | 'mimetype' | 'filetype' | 'mode'>;

const BY_EXTENSION: Record<string, string> = {};
function add(icon: string, extensions: string): void {
  for (const extension of extensions.split(' ')) BY_EXTENSION[extension] = icon;
}
add(':closed_book:', 'pdf');
add(':frame_with_picture:', 'png jpg jpeg gif webp heic heif tif tiff bmp svg ico avif psd ai sketch fig');
add(':clapper:', 'mp4 mov avi mkv webm m4v wmv mpg mpeg');
add(':musical_note:', 'mp3 m4a wav ogg oga flac aac aiff opus');
add(':bar_chart:', 'xls xlsx xlsm ods csv tsv numbers gsheet');
add(':blue_book:', 'doc docx odt rtf pages gdoc');
add(':orange_book:', 'ppt pptx odp key gpres');
add(':package:', 'zip gz tgz tar bz2 xz 7z rar zst iso dmg');
add(':email:', 'eml msg email');
add(':scroll:', 'txt text md markdown log');
add(
  ':technologist:',
  'js mjs ts tsx jsx py rb go rs java kt swift c h cpp cs php sh sql html css json yaml yml xml toml ipynb diff patch',
);
add(':memo:', 'post space quip canvas docs huddle_transcript');
add(':clipboard:', 'list');
add(':lock:', 'pem crt cer p12 asc gpg');

const BY_FAMILY: Record<string, string> = {
  image: ':frame_with_picture:',
  video: ':clapper:',
  audio: ':musical_note:',
  text: ':scroll:',
};

/**
 * The emoji for a file's kind: by Slack's file type, then the name's extension, then the family of its MIME type.
 * A file that lives elsewhere (Google Drive, …) is a link.
 */
export function iconOf(file: Kind): string {
  if (file.mode === 'external') return ':link:';
  const extension = /\.([^.\s]{1,10})$/.exec(file.name ?? '')?.[1];
  const family = /^([a-z]+)\//.exec(file.mimetype?.toLowerCase() ?? '')?.[1];
  return (
    known(BY_EXTENSION, file.filetype) ??
    known(BY_EXTENSION, extension) ??
    known(BY_EXTENSION, file.mode) ??
    known(BY_FAMILY, family) ??
    ':page_facing_up:'
  );
}

function known(icons: Record<string, string>, key: string | null | undefined): string | undefined {
  const word = key?.toLowerCase();
  return word !== undefined && Object.hasOwn(icons, word) ? icons[word] : undefined;
}
