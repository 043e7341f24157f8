import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip file of these parts, in this order. */
export function zipOf(parts: Record<string, string | Buffer>, options = { compress: true }): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name, options);
  zip.end();
  return buffer(zip.outputStream);
}
