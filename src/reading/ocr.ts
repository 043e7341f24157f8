import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ReadingError } from './reading.ts';

/** What is used of Tesseract, as tesseract.js-core exports it (naptha/tesseract.js, src/worker-script/index.js). */
interface Tesseract {
  FS: { writeFile(path: string, bytes: Uint8Array): void };
  TessBaseAPI: new () => {
    Init(folder: null, languages: string, engine: number): number;
    SetImageFile(turned: number, angle: number): number;
    Recognize(monitor: null): number;
    MeanTextConf(): number;
    GetUTF8Text(): string;
    Clear(): void;
  };
}

/** Recognises letters in pictures. */
export interface LetterReader {
  /**
   * The text in a picture (PNG, JPEG, GIF, BMP, TIFF, WebP, PNM); empty where none is seen with some certainty. Throws `ReadingError` for
   * one that cannot be opened.
   */
  textIn(picture: Uint8Array): string;
}

const load = createRequire(import.meta.url);

/** Tesseract's engine of neural nets alone. */
const LSTM = 1;
/** Below it, it is a photo whose leaves look like letters. Of 100. */
const LEAST_CERTAIN = 50;

/** Starts Tesseract with these languages (`eng+deu`). Their data must be installed. Nothing is fetched. */
export async function recognise(languages: string): Promise<LetterReader> {
  const start: (options: object) => Promise<Tesseract> = load(
    'tesseract.js-core/tesseract-core-simd-lstm.wasm.js',
  );
  const tesseract = await start({ TesseractProgress() {} });
  for (const language of languages.split('+'))
    tesseract.FS.writeFile(`${language}.traineddata`, dataOf(language));
  const api = new tesseract.TessBaseAPI();
  if (api.Init(null, languages, LSTM) !== 0) throw new Error(`Tesseract does not start with ${languages}.`);
  return {
    textIn(picture) {
      tesseract.FS.writeFile('/input', picture);
      if (api.SetImageFile(turnedBy(picture), 0) === 1)
        throw new ReadingError('damaged', 'The picture cannot be opened.');
      // It takes 32,767 pixels each way (Tesseract 5, src/api/baseapi.cpp).
      if (api.Recognize(null) !== 0) throw new ReadingError('too_large', 'The picture has too many pixels.');
      const text = api.MeanTextConf() < LEAST_CERTAIN ? '' : api.GetUTF8Text();
      api.Clear();
      return text;
    },
  };
}

/** Whole numbers in place of fractions: smaller, quicker, and nearly as good. */
const KIND = '4.0.0_best_int';

function dataOf(language: string): Buffer {
  const folder = dirname(load.resolve(`@tesseract.js-data/${language}/package.json`));
  return gunzipSync(readFileSync(join(folder, KIND, `${language}.traineddata.gz`)));
}

/** The tag 0x0112 of Exif 2.3 with its type and length, and what stands before its value, in either order of bytes. */
const TURNED = [Buffer.from([1, 0x12, 0, 3, 0, 0, 0, 1, 0]), Buffer.from([0x12, 1, 3, 0, 1, 0, 0, 0])];

/** How a camera was held, from 1 (upright) to 8. */
function turnedBy(picture: Uint8Array): number {
  const beginning = Buffer.from(picture.subarray(0, 500));
  for (const tag of TURNED) {
    const at = beginning.indexOf(tag);
    const turned = at < 0 ? 0 : (beginning[at + tag.length] ?? 0);
    if (turned >= 1 && turned <= 8) return turned;
  }
  return 1;
}
