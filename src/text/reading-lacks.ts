/** What a machine lacks to read files, or letters in pictures (`ocr`). Sizes are in MiB. */
export type ReadingLack =
  | { kind: 'memory' | 'ocr_memory'; memoryMb: number; neededMb: number }
  | { kind: 'limits' }
  | { kind: 'start'; reason: string };

/** What follows from it, why, and what to do: in one place for the log, the status, the doctor and `npm run read`. */
export function lackInWords(lack: ReadingLack): string {
  switch (lack.kind) {
    case 'memory':
      return `Files are not read: the bot has ${lack.memoryMb} MB of memory, and reading needs ${lack.neededMb}. Give it more, or set VAULT_TEXT=words.`;
    case 'ocr_memory':
      return `Pictures and scans are not read, everything else is: the bot has ${lack.memoryMb} MB of memory, and VAULT_OCR needs ${lack.neededMb}. Give it more, or take VAULT_OCR out.`;
    case 'limits':
      return 'Files are not read: this system cannot limit what a reading process takes, as there is no /bin/sh. Run the bot where there is one, or set VAULT_TEXT=words.';
    case 'start':
      return `Files are not read: a reading process cannot be started (${lack.reason}). The bot tries again every hour, and its log says more (no_room_to_read).`;
  }
}
