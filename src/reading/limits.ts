/** What one document may take. */
export interface Limits {
  /** Letters of text that are kept; what follows is not read. */
  letters: number;
  /** What may come out of a document's packed parts, in bytes, all together. */
  unpackedBytes: number;
  /** Memory of the reading process beside what Node itself needs, in MiB. */
  memoryMb: number;
  /** Processor time, in seconds. */
  processorSeconds: number;
  /** From start to end, in ms, however busy the machine is. Then the process is killed. */
  deadlineMs: number;
}

export const LIMITS: Limits = {
  letters: 5_000_000,
  unpackedBytes: 512 * 1024 ** 2,
  memoryMb: 384,
  processorSeconds: 60,
  deadlineMs: 180_000,
};

/** To recognise letters takes a second or more a page, and a picture in memory. */
export const OCR_LIMITS: Partial<Limits> = { memoryMb: 640, processorSeconds: 240, deadlineMs: 600_000 };
