/** As wide as the smallest terminal. */
const WIDTH = 80;

/** A text in lines of at most 80 characters; a longer word stays whole. Further lines are indented. */
export function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)?.[0] ?? '';
  for (const word of text.trimStart().split(/(?<=\S)(?= )/)) {
    if (line.trim() !== '' && line.length + word.length > WIDTH) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word.trimStart()}`;
    } else line += word;
  }
  return [...lines, line];
}
