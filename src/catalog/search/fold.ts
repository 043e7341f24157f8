/**
 * Text as it is searched: lower-case, without accents, one form of each character. Both databases compare
 * folded text byte by byte, so they find the same. (`ß` and `ø` have no plain form in Unicode and stay.)
 */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().normalize('NFC');
}

/** What a file is found by: its name and its title, each on a line of its own. */
export function foldFile(file: { name: string | null; title: string | null }): string {
  const line = (text: string | null) => fold(text ?? '').replace(/[\0\n]/g, ' ');
  return `${line(file.name)}\n${line(file.title)}\n`;
}
