import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { Resvg } from '@resvg/resvg-js';
import { parse, type Spec, View } from 'vega';

/** Draws one chart: the spec comes in as `workerData`, the PNG goes out as a message. Started by draw.ts. */
const FONT = fileURLToPath(new URL('font/inter-latin-500.ttf', import.meta.url));
/** Pixels for each unit of the spec. */
const SHARPNESS = 2;

const view = new View(parse(workerData as Spec), { renderer: 'none' });
const svg = await view.toSVG();
view.finalize();
const picture = new Resvg(svg, {
  fitTo: { mode: 'zoom', value: SHARPNESS },
  font: { loadSystemFonts: false, fontFiles: [FONT], defaultFontFamily: 'Inter' },
});
parentPort?.postMessage(picture.render().asPng());
